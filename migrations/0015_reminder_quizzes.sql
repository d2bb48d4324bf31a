-- The question (a JSON object) that who noted a reminder with a text of its own is asked; that of a rule card is the card's.
ALTER TABLE reminders ADD COLUMN quiz TEXT;
