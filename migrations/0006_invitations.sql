-- What an office signs its invitation links with. Whoever has it can make links that look like the office's own, but no link
-- works without its row in invitations.
CREATE TABLE invitation_keys (
    office_id BIGINT PRIMARY KEY REFERENCES offices (id),
    secret TEXT NOT NULL
);

-- The invited of a meeting, as the office's own list has them; phone, rank and staff_number (NIP or NRP) may be empty. search is
-- the name for looking it up (bot/domain/people/names.py). person_id is the Telegram account that opened or answered the invitation last.
CREATE TABLE invitees (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    sector TEXT NOT NULL,
    name TEXT NOT NULL,
    institution TEXT NOT NULL,
    position TEXT NOT NULL,
    phone TEXT NOT NULL,
    rank TEXT NOT NULL,
    staff_number TEXT NOT NULL,
    search TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    person_id BIGINT,
    invited_at BIGINT NOT NULL,
    opened_at BIGINT,
    registered_at BIGINT,
    declined_at BIGINT,
    represented_at BIGINT
);
CREATE INDEX invitees_list ON invitees (meeting_id, state, institution, name);
CREATE INDEX invitees_person ON invitees (person_id);

-- Links that lead into a meeting: for everybody, a sector, an institution, one of the invited, or whoever represents one. A quota
-- is how many may register by it; how many did is counted among the participants.
CREATE TABLE invitations (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    kind TEXT NOT NULL,
    sector TEXT,
    institution TEXT,
    invitee_id BIGINT REFERENCES invitees (id),
    quota BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT,
    made_at BIGINT NOT NULL
);
CREATE INDEX invitations_meeting ON invitations (meeting_id, kind, made_at);
CREATE INDEX invitations_invitee ON invitations (invitee_id);

CREATE TABLE invitation_openings (
    invitation_id BIGINT NOT NULL REFERENCES invitations (id),
    person_id BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (invitation_id, person_id)
);
CREATE INDEX invitation_openings_person ON invitation_openings (person_id);

-- A list of invited people that an organiser sent and that waits for their tap; the last one of each organiser.
CREATE TABLE invitee_uploads (
    person_id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);

-- How a participant came (invitation_id, invitee_id), in whose stead and by which letter of assignment, the answers to the
-- meeting's own questions (JSON, by their ids), and why the committee refused. search is NULL in rows of earlier versions.
ALTER TABLE participants ADD COLUMN invitation_id BIGINT;
ALTER TABLE participants ADD COLUMN invitee_id BIGINT;
ALTER TABLE participants ADD COLUMN represents TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN assignment_letter TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
ALTER TABLE participants ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE participants ADD COLUMN search TEXT;
CREATE INDEX participants_state ON participants (meeting_id, state, sector);
CREATE INDEX participants_waiting ON participants (meeting_id, sector) WHERE state = 'waiting';
CREATE INDEX participants_invitation ON participants (invitation_id);
-- One seat for each of the invited, whoever sits on it.
CREATE UNIQUE INDEX participants_invitee ON participants (invitee_id)
    WHERE invitee_id IS NOT NULL AND state IN ('registered', 'pending', 'waiting');
