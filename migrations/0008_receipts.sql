-- What became of a notice beyond its sending. A broadcast's version is that of its text; resumes_at is set while it rests for the
-- night. A delivery's task is what is to be done in the chat: send, edit or delete; version is that of the text that the chat
-- has, sent_at the moment when Telegram took it there.
ALTER TABLE broadcasts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE broadcasts ADD COLUMN resumes_at BIGINT;
ALTER TABLE broadcasts ADD COLUMN any_hour BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN task TEXT NOT NULL DEFAULT 'send';
ALTER TABLE deliveries ADD COLUMN version BIGINT;
ALTER TABLE deliveries ADD COLUMN sent_at BIGINT;
CREATE INDEX broadcasts_resting ON broadcasts (resumes_at);
CREATE INDEX deliveries_message ON deliveries (chat_id, message_id);

-- Every text that a broadcast had before its present one, and one more that waits for its author's word.
CREATE TABLE broadcast_texts (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, version)
);

-- Who noted that they have read and understood a notice, which version of it, and what they answered to its question first.
CREATE TABLE receipts (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    person_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    answer BIGINT,
    PRIMARY KEY (broadcast_id, person_id)
);
CREATE INDEX receipts_person ON receipts (person_id);

-- The question that comes with the reminders of a rule (its card's id) of an office.
CREATE TABLE rule_quizzes (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    rule_id TEXT NOT NULL,
    quiz TEXT NOT NULL,
    PRIMARY KEY (office_id, rule_id)
);

-- Questions that people asked the office in answer to a notice. person_id is NULL once that account's data were erased, and
-- with it the words. Who took a question on is assigned_to until they answered or left it.
CREATE TABLE office_questions (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    broadcast_id BIGINT REFERENCES broadcasts (id),
    person_id BIGINT,
    chat_id BIGINT,
    thread_id BIGINT,
    message_id BIGINT,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    assigned_to BIGINT,
    assigned_at BIGINT,
    answer TEXT,
    decided_by BIGINT,
    decided_at BIGINT
);
CREATE UNIQUE INDEX office_questions_message ON office_questions (chat_id, message_id);
CREATE INDEX office_questions_open ON office_questions (office_id, state, asked_at);
CREATE INDEX office_questions_person ON office_questions (person_id);

-- A broadcast that reminds the silent of another one (about_id), once for each request (the second in which its button was shown).
ALTER TABLE broadcasts ADD COLUMN about_id BIGINT;
ALTER TABLE broadcasts ADD COLUMN request BIGINT;
CREATE UNIQUE INDEX broadcasts_about ON broadcasts (about_id, request);
