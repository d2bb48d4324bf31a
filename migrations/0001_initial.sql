-- One file for both engines. BIGINT holds ids, counts and flags; moments are UTC milliseconds since 1970 (columns ending in _at);
-- days are ISO dates as text (columns ending in _on); structured values are JSON as text. Ids are made by the program.

CREATE TABLE offices (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    timezone TEXT NOT NULL,
    locale TEXT NOT NULL,
    contact TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sectors (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (office_id, code)
);

-- A person is a Telegram account that wrote to the bot in private. Their Telegram name is not kept.
CREATE TABLE people (
    id BIGINT PRIMARY KEY,
    telegram_locale TEXT,
    chosen_locale TEXT,
    meeting_id BIGINT,
    reach TEXT NOT NULL,
    seen_on TEXT NOT NULL
);

CREATE TABLE members (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    person_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, person_id)
);
CREATE INDEX members_person ON members (person_id);

-- One-time links that make their first user an organiser. Only a hash of the token is kept.
CREATE TABLE claims (
    token_hash TEXT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    role TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE meetings (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    theme TEXT NOT NULL,
    venue TEXT NOT NULL,
    address TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    timezone TEXT NOT NULL,
    state TEXT NOT NULL,
    contact TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX meetings_office ON meetings (office_id, starts_at);

CREATE TABLE meeting_sectors (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    sector TEXT NOT NULL,
    quota BIGINT,
    PRIMARY KEY (meeting_id, sector)
);

CREATE TABLE agenda_items (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    slug TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    title TEXT NOT NULL,
    speaker TEXT NOT NULL,
    speaker_position TEXT NOT NULL,
    UNIQUE (meeting_id, slug)
);

CREATE TABLE materials (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    slug TEXT NOT NULL,
    agenda_slug TEXT,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    position BIGINT NOT NULL,
    UNIQUE (meeting_id, slug)
);

CREATE TABLE participants (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    person_id BIGINT,
    sector TEXT NOT NULL,
    name TEXT NOT NULL,
    institution TEXT NOT NULL,
    position TEXT NOT NULL,
    ticket TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    consented_at BIGINT NOT NULL,
    registered_at BIGINT NOT NULL,
    UNIQUE (meeting_id, person_id)
);
CREATE INDEX participants_sector ON participants (meeting_id, sector, name);
CREATE INDEX participants_person ON participants (person_id);

-- Groups, supergroups and forum topics that the bot was added to.
CREATE TABLE groups (
    chat_id BIGINT PRIMARY KEY,
    title TEXT NOT NULL,
    office_id BIGINT REFERENCES offices (id),
    meeting_id BIGINT REFERENCES meetings (id),
    thread_id BIGINT,
    locale TEXT,
    reach TEXT NOT NULL,
    bound_at BIGINT
);
CREATE INDEX groups_meeting ON groups (meeting_id);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    slug TEXT NOT NULL,
    agenda_slug TEXT,
    topic TEXT NOT NULL,
    prompt TEXT NOT NULL,
    kinds TEXT NOT NULL,
    anonymity TEXT NOT NULL,
    limit_per_person BIGINT NOT NULL,
    text_limit BIGINT NOT NULL,
    state TEXT NOT NULL,
    position BIGINT NOT NULL,
    opened_at BIGINT,
    closed_at BIGINT,
    UNIQUE (meeting_id, slug)
);

-- An anonymous submission has no participant and no moment, only the day. Ids and numbers are random and order nothing, and
-- no decision has a moment. On PostgreSQL the anonymous rows of a session are written anew, in random order, with each of
-- them: what is to refer to one must bear its leaving and coming back (DEFERRABLE INITIALLY DEFERRED).
CREATE TABLE submissions (
    id BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    attachment TEXT,
    participant_id BIGINT REFERENCES participants (id),
    sent_on TEXT NOT NULL,
    sent_at BIGINT,
    state TEXT NOT NULL,
    number BIGINT,
    decided_on TEXT,
    receipt_hash TEXT UNIQUE,
    UNIQUE (meeting_id, number)
);
CREATE INDEX submissions_session ON submissions (session_id, state);

-- How many submissions each person sent in an open session; never which. One row a session, because rows of their own
-- would lie in the order of the sending, and on PostgreSQL carry the transaction of the submission.
CREATE TABLE submission_counts (
    session_id BIGINT PRIMARY KEY REFERENCES sessions (id),
    sent TEXT NOT NULL
);

CREATE TABLE reminders (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    sources TEXT NOT NULL,
    checked_on TEXT,
    audience TEXT NOT NULL,
    schedule TEXT NOT NULL,
    grace_minutes BIGINT NOT NULL,
    state TEXT NOT NULL,
    armed_at BIGINT NOT NULL,
    next_at BIGINT,
    UNIQUE (meeting_id, slug)
);
CREATE INDEX reminders_due ON reminders (state, next_at);

-- The times of a meeting that next_at of its reminders was worked out for. A meeting without its row here, or with other
-- times than these, has them worked out anew before anything is looked up as due.
CREATE TABLE reminder_plans (
    meeting_id BIGINT PRIMARY KEY REFERENCES meetings (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    timezone TEXT NOT NULL
);

CREATE TABLE occurrences (
    id BIGINT PRIMARY KEY,
    reminder_id BIGINT NOT NULL REFERENCES reminders (id),
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    broadcast_id BIGINT,
    UNIQUE (reminder_id, due_at)
);

-- Who wants no regulation reminders from an office.
CREATE TABLE reminder_optouts (
    office_id BIGINT NOT NULL REFERENCES offices (id),
    person_id BIGINT NOT NULL,
    PRIMARY KEY (office_id, person_id)
);
CREATE INDEX reminder_optouts_person ON reminder_optouts (person_id);

-- One message to many chats. The progress columns name the message that shows its author how far it is; progress_at is the
-- next moment to change it, NULL when it says all there is to say.
CREATE TABLE broadcasts (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    audience TEXT NOT NULL,
    author_id BIGINT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    progress_chat_id BIGINT,
    progress_message_id BIGINT,
    progress_locale TEXT,
    progress_at BIGINT
);
CREATE INDEX broadcasts_progress ON broadcasts (progress_at);
CREATE INDEX broadcasts_meeting ON broadcasts (meeting_id, created_at);

-- That message for one chat. next_at is the moment from when it may be sent; while a sender holds it, the moment until
-- which nobody else may take it.
CREATE TABLE deliveries (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    chat_id BIGINT NOT NULL,
    thread_id BIGINT,
    locale TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    sender BIGINT,
    message_id BIGINT,
    error TEXT,
    PRIMARY KEY (broadcast_id, chat_id)
);
CREATE INDEX deliveries_due ON deliveries (state, next_at);
CREATE INDEX deliveries_chat ON deliveries (chat_id);

-- Where a person stands in a form in a chat.
CREATE TABLE conversations (
    chat_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    form TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (chat_id, person_id)
);

-- Every update before Telegram is told that we have it. Once applied, only its number and the day stay, against a second delivery.
CREATE TABLE inbox (
    update_id BIGINT PRIMARY KEY,
    payload TEXT,
    done_on TEXT
);
CREATE INDEX inbox_done ON inbox (done_on);

-- Calls to Telegram that must happen, in the order of their ids within a chat; a row goes when its call succeeded.
CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    chat_id BIGINT NOT NULL,
    method TEXT NOT NULL,
    payload TEXT NOT NULL
);

-- What organisers did and what the program did in their name, for the office's log.
CREATE TABLE actions (
    id BIGINT PRIMARY KEY,
    office_id BIGINT NOT NULL REFERENCES offices (id),
    meeting_id BIGINT,
    person_id BIGINT,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    done_at BIGINT NOT NULL
);
CREATE INDEX actions_office ON actions (office_id, done_at);
