-- Who is here: one row a participant who was checked in. Undoing it takes the row away; the office's log keeps that it was done.
-- operator_id is the Telegram account of the organiser who did it, NULL once that account's data were erased.
CREATE TABLE attendance (
    participant_id BIGINT PRIMARY KEY REFERENCES participants (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    operator_id BIGINT,
    way TEXT NOT NULL,
    checked_in_at BIGINT NOT NULL
);
CREATE INDEX attendance_meeting ON attendance (meeting_id);
CREATE INDEX attendance_operator ON attendance (operator_id);
