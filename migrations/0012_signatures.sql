-- The number of a participant on the attendance list: it stays once the list was printed, whoever comes or leaves afterwards.
CREATE TABLE list_numbers (
    participant_id BIGINT PRIMARY KEY REFERENCES participants (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    number BIGINT NOT NULL,
    UNIQUE (meeting_id, number)
);

-- Who signed the printed list, as the committee ticked it off. operator_id is who ticked it, NULL once that account's data were
-- erased.
CREATE TABLE signatures (
    participant_id BIGINT PRIMARY KEY REFERENCES participants (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    operator_id BIGINT,
    ticked_at BIGINT NOT NULL
);
CREATE INDEX signatures_meeting ON signatures (meeting_id);
CREATE INDEX signatures_operator ON signatures (operator_id);

-- The code by which the participants of a meeting check themselves in, from opens_at until before closes_at; no row, no such code.
CREATE TABLE hall_codes (
    meeting_id BIGINT PRIMARY KEY REFERENCES meetings (id),
    code TEXT NOT NULL UNIQUE,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL
);

-- How many wrong codes a person sent since since_at.
CREATE TABLE hall_tries (
    person_id BIGINT PRIMARY KEY,
    tries BIGINT NOT NULL,
    since_at BIGINT NOT NULL
);
CREATE INDEX hall_tries_since ON hall_tries (since_at);
