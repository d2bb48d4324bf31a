-- A search reads the names of a meeting from here, without their rows.
CREATE INDEX participants_search ON participants (meeting_id, state, search);
