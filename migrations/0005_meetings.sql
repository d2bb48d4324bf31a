-- What an office sets on a meeting beyond the first version. map_point is JSON [latitude, longitude]; registration_questions is
-- a JSON list of {"id", "kind": text|choice|number|yesno, "label": {"id", "en"}, "options": [{"id", "en"}], "required": bool};
-- approval says whether registrations wait for the committee; rehearsal since when (0: not) what
-- people do is wiped before the real thing.
ALTER TABLE meetings ADD COLUMN map_point TEXT;
ALTER TABLE meetings ADD COLUMN registration_questions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE meetings ADD COLUMN approval BIGINT NOT NULL DEFAULT 0;
ALTER TABLE meetings ADD COLUMN rehearsal BIGINT NOT NULL DEFAULT 0;

-- The head of an office's letters: its lines, and the logo beside them (a PNG or JPEG, base64).
ALTER TABLE offices ADD COLUMN letterhead TEXT NOT NULL DEFAULT '';
CREATE TABLE office_logos (
    office_id BIGINT PRIMARY KEY REFERENCES offices (id),
    content TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- A material is a link (url) or a file that Telegram keeps (file_id), with the name and bytes that it was sent with.
ALTER TABLE materials ADD COLUMN file_kind TEXT;
ALTER TABLE materials ADD COLUMN file_id TEXT;
ALTER TABLE materials ADD COLUMN file_name TEXT;
ALTER TABLE materials ADD COLUMN file_size BIGINT;

-- Who asked to be told when the agenda changes.
CREATE TABLE agenda_followers (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    person_id BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX agenda_followers_person ON agenda_followers (person_id);

-- A meeting file that an organiser sent and that waits for their tap; the last one of each organiser. digest names the state of
-- the meeting that its preview was made for, empty for a new one.
CREATE TABLE meeting_uploads (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL UNIQUE,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);
