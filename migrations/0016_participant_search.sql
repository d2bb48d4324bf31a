-- A search reads the names of a meeting from here, without their rows.
CREATE INDEX participants_search ON participants (meeting_id, state, search);

-- The same for the numbers of each institution.
DROP INDEX participants_state;
CREATE INDEX participants_state ON participants (meeting_id, state, sector, institution);
