-- Who answers as which speaker of a meeting, by the name in the agenda. token_hash is the SHA-256 of the link that the office made
-- for the speaker; person_id is the account that opened it first, NULL until then.
CREATE TABLE speaker_links (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    speaker TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    person_id BIGINT,
    PRIMARY KEY (meeting_id, speaker)
);
CREATE INDEX speaker_links_person ON speaker_links (person_id);
