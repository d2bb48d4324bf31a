-- The projector page of a meeting, at most one; making its link anew replaces the row. Only a hash of the link's token is kept.
CREATE TABLE walls (
    meeting_id BIGINT PRIMARY KEY REFERENCES meetings (id),
    token_hash TEXT NOT NULL UNIQUE,
    view TEXT NOT NULL,
    opened_at BIGINT NOT NULL
);
