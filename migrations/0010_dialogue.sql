-- What a session takes beyond the first version. topics and sectors are JSON lists: the headings that submissions are sorted
-- under, and the codes of the sectors that may submit (empty: all). moderation is "before" or "after" publication. With
-- follows_agenda the session opens and closes with its agenda item.
ALTER TABLE sessions ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sessions ADD COLUMN sectors TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sessions ADD COLUMN moderation TEXT NOT NULL DEFAULT 'before';
ALTER TABLE sessions ADD COLUMN follows_agenda BIGINT NOT NULL DEFAULT 0;
-- How many answers to anonymous submissions nobody was told of yet, and when everybody of the session will be.
ALTER TABLE sessions ADD COLUMN answers_untold BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN answers_due_at BIGINT;

-- A suggestion may answer a challenge (answers_id); a duplicate points to what it was merged into. Anonymous rows leave and
-- come back (0001), so both references are checked at the end of the transaction. None of these columns holds a moment or a
-- person: decisions and answers have their day, so that they order nothing.
ALTER TABLE submissions ADD COLUMN answers_id BIGINT REFERENCES submissions (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE submissions ADD COLUMN merged_into_id BIGINT REFERENCES submissions (id) DEFERRABLE INITIALLY DEFERRED;
-- What went over with a duplicate, so that undoing takes it back: JSON {"stances": {name sealed for what it was merged into:
-- stance}, "solutions": [ids], "duplicates": [ids]}.
ALTER TABLE submissions ADD COLUMN brought TEXT;
ALTER TABLE submissions ADD COLUMN topic TEXT;
-- The author's words, once a moderator corrected their typing.
ALTER TABLE submissions ADD COLUMN original_text TEXT;
-- What the word filter and the look for reports saw, a JSON list of codes; the reason of a refusal, a code.
ALTER TABLE submissions ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE submissions ADD COLUMN reason TEXT;
-- Whether a moderator saw it; one that is moderated after publication is published before.
ALTER TABLE submissions ADD COLUMN reviewed BIGINT NOT NULL DEFAULT 1;
-- Who is to answer, by the name in the agenda; "hall" or "written", with the words, whose they are, and the day.
ALTER TABLE submissions ADD COLUMN speaker TEXT;
ALTER TABLE submissions ADD COLUMN answered TEXT;
ALTER TABLE submissions ADD COLUMN answer TEXT;
ALTER TABLE submissions ADD COLUMN answered_by TEXT;
ALTER TABLE submissions ADD COLUMN answered_on TEXT;
CREATE INDEX submissions_answers ON submissions (answers_id);
CREATE INDEX submissions_merged ON submissions (merged_into_id);

-- What a moderator is looking at, so that no two get the same. The submission stands here under a sealed name, because the
-- moment would tell when it was there already.
CREATE TABLE moderation_claims (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    person_id BIGINT NOT NULL,
    sealed TEXT NOT NULL UNIQUE,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX moderation_claims_person ON moderation_claims (person_id);

-- Which moderators were told that something waits and have not looked since; told once, without a moment.
CREATE TABLE moderation_pings (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    person_id BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX moderation_pings_person ON moderation_pings (person_id);
