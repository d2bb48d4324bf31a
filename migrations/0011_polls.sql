-- A question with options that participants answer by buttons. kind: one, several, scale, ranking or quiz; right_option is a
-- quiz's; hidden: whether participants see results only after it was closed.
CREATE TABLE polls (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    options TEXT NOT NULL,
    right_option BIGINT,
    explanation TEXT NOT NULL,
    hidden BIGINT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (meeting_id, number)
);

-- What a participant answered: the places of the options chosen, in their order.
CREATE TABLE poll_answers (
    poll_id BIGINT NOT NULL REFERENCES polls (id),
    participant_id BIGINT NOT NULL REFERENCES participants (id),
    chosen TEXT NOT NULL,
    PRIMARY KEY (poll_id, participant_id)
);
CREATE INDEX poll_answers_participant ON poll_answers (participant_id);

-- The understanding check of a meeting. stage: draft, before, dialogue, after or closed.
CREATE TABLE checks (
    meeting_id BIGINT PRIMARY KEY REFERENCES meetings (id),
    stage TEXT NOT NULL
);

-- A statement that is true or false by the rules; rule_id names the card that says so, if one does.
CREATE TABLE statements (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES checks (meeting_id),
    position BIGINT NOT NULL,
    slug TEXT,
    text TEXT NOT NULL,
    is_true BIGINT NOT NULL,
    legal_basis TEXT NOT NULL,
    rule_id TEXT,
    UNIQUE (meeting_id, position),
    UNIQUE (meeting_id, slug)
);

-- What a participant thinks of a statement in one of the two rounds (before, after): true, false or unsure.
CREATE TABLE statement_answers (
    statement_id BIGINT NOT NULL REFERENCES statements (id),
    participant_id BIGINT NOT NULL REFERENCES participants (id),
    round TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (statement_id, participant_id, round)
);
CREATE INDEX statement_answers_participant ON statement_answers (participant_id);
