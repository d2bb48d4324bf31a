-- What a broadcast was made of: the reminder, the rule card and its wording (rule_versions.digest), and the topic that people can
-- stop. A broadcast of a reminder has a topic; 'meeting' for service messages of a meeting, which cannot be stopped.
ALTER TABLE broadcasts ADD COLUMN reminder_id BIGINT;
ALTER TABLE broadcasts ADD COLUMN rule_id TEXT;
ALTER TABLE broadcasts ADD COLUMN rule_version TEXT;
ALTER TABLE broadcasts ADD COLUMN topic TEXT NOT NULL DEFAULT '';
CREATE INDEX broadcasts_rule ON broadcasts (office_id, rule_id, rule_version);

-- What an office set for all that goes out: the hours of its zone in which nothing does (HH:MM, the second one excluded; both NULL:
-- none), and the number of people above which a second organiser has to approve (NULL: never).
ALTER TABLE offices ADD COLUMN quiet_from TEXT;
ALTER TABLE offices ADD COLUMN quiet_until TEXT;
ALTER TABLE offices ADD COLUMN approval_above BIGINT;

-- A reminder sends a card (rule_id; title and text are then what the list calls it) or its own text. topic as in broadcasts; origin is
-- 'file' (of the meeting file, which takes away what it no longer names), 'chat' or 'plan'. approved_for is the digest of the content
-- and audience that a second organiser approved. author_id is who made it or changed it last. watched_from is armed_at, or the moment
-- to which the clock was set back since.
ALTER TABLE reminders ADD COLUMN rule_id TEXT;
ALTER TABLE reminders ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE reminders ADD COLUMN origin TEXT NOT NULL DEFAULT 'file';
ALTER TABLE reminders ADD COLUMN attachment TEXT;
ALTER TABLE reminders ADD COLUMN author_id BIGINT;
ALTER TABLE reminders ADD COLUMN approved_for TEXT NOT NULL DEFAULT '';
ALTER TABLE reminders ADD COLUMN watched_from BIGINT NOT NULL DEFAULT 0;
UPDATE reminders SET watched_from = armed_at;
CREATE INDEX reminders_watched ON reminders (watched_from);
CREATE INDEX reminders_author ON reminders (author_id);

-- occasion names the day that a schedule means, whatever moment it was moved to; '' in rows of earlier versions.
ALTER TABLE occurrences ADD COLUMN occasion TEXT NOT NULL DEFAULT '';

-- The zone and calendar of the office that next times were worked out for, beside the times of the meeting.
ALTER TABLE reminder_plans ADD COLUMN office_zone TEXT NOT NULL DEFAULT '';

-- What a person wants of an office's regulation reminders: the earliest hour of the day (NULL: when they are due), and topics that
-- they stopped.
CREATE TABLE reminder_hours (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    person_id BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    PRIMARY KEY (office_id, person_id)
);
CREATE INDEX reminder_hours_person ON reminder_hours (person_id);
CREATE TABLE stopped_topics (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    person_id BIGINT NOT NULL,
    topic TEXT NOT NULL,
    PRIMARY KEY (office_id, person_id, topic)
);
CREATE INDEX stopped_topics_person ON stopped_topics (person_id);

-- Stage calendars that an office loaded; the one with the highest version holds. A calendar that waits for its organiser's tap has
-- no version yet. person_id is who loaded it.
CREATE TABLE calendars (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    version BIGINT,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    person_id BIGINT,
    loaded_at BIGINT NOT NULL,
    UNIQUE (office_id, version)
);
CREATE INDEX calendars_person ON calendars (person_id);

-- Cards that an office wrote or changed (edited = 1), beside those of the program that it decided on or sent.
ALTER TABLE rule_versions ADD COLUMN edited BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rule_versions ADD COLUMN author_id BIGINT;
CREATE INDEX rule_versions_author ON rule_versions (author_id);

-- Audiences that are being chosen: one a person and chat. purpose and subject say what goes on once it is chosen.
CREATE TABLE audience_choices (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL UNIQUE,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    purpose TEXT NOT NULL,
    subject BIGINT NOT NULL,
    audience TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Four eyes: what waits for a second organiser. subjects is a JSON list of ids of broadcasts or reminders (kind).
CREATE TABLE approvals (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    kind TEXT NOT NULL,
    subjects TEXT NOT NULL,
    people BIGINT NOT NULL,
    asked_by BIGINT,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT
);
CREATE INDEX approvals_office ON approvals (office_id, state);
CREATE INDEX approvals_asked ON approvals (asked_by);
CREATE INDEX approvals_decided ON approvals (decided_by);

-- Deliveries (held meanwhile) that wait for the hour that their person chose; due_at is of the program's clock.
CREATE TABLE deferred_deliveries (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    chat_id BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, chat_id)
);
CREATE INDEX deferred_deliveries_due ON deferred_deliveries (due_at);
CREATE INDEX deferred_deliveries_chat ON deferred_deliveries (chat_id);
