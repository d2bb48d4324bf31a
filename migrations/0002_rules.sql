-- Versions of rule cards as an office decided on them, each kept as it was. A card of the program is not here before that; who
-- decided is in the office's log. approved_at is NULL again once the approval was taken back.
CREATE TABLE rule_versions (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    card TEXT NOT NULL,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    approved_at BIGINT,
    UNIQUE (office_id, card, digest)
);
