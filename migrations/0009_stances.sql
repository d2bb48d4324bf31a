-- What people think of published submissions. One row a submission, whose `taken` maps a sealed name of each person to agree,
-- disagree or pass: rows of their own would lie in the order of the tapping. A name is sealed with a secret that no database
-- holds and anew for each submission, so that neither who took a stance nor which two are of one person can be told from here.
CREATE TABLE stances (
    submission_id BIGINT PRIMARY KEY REFERENCES submissions (id) DEFERRABLE INITIALLY DEFERRED,
    people BIGINT NOT NULL,
    taken TEXT NOT NULL
);

-- What an institution says openly, in its own name; no person stands here.
CREATE TABLE institution_stances (
    submission_id BIGINT NOT NULL REFERENCES submissions (id) DEFERRABLE INITIALLY DEFERRED,
    institution TEXT NOT NULL,
    stance TEXT NOT NULL,
    PRIMARY KEY (submission_id, institution)
);

-- Who speaks for their institution at a meeting.
CREATE TABLE delegates (
    participant_id BIGINT PRIMARY KEY REFERENCES participants (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    institution TEXT NOT NULL,
    UNIQUE (meeting_id, institution)
);

-- Sectors whose stances are shown as of one: those with the same leader, which is one of them.
CREATE TABLE merged_sectors (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    sector TEXT NOT NULL,
    leader TEXT NOT NULL,
    PRIMARY KEY (meeting_id, sector)
);

-- smallest: with fewer people, the stances of a sector are not shown. shown: whether participants may see the results now.
CREATE TABLE agreement_settings (
    meeting_id BIGINT PRIMARY KEY REFERENCES meetings (id),
    smallest BIGINT NOT NULL,
    shown BIGINT NOT NULL
);
