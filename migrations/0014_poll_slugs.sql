-- The names by which meeting files know polls and the statements of the understanding check; unique within a meeting.
ALTER TABLE polls ADD COLUMN slug TEXT NOT NULL DEFAULT '';
UPDATE polls SET slug = 'jajak-' || CAST(number AS TEXT);
CREATE UNIQUE INDEX polls_slug ON polls (meeting_id, slug);
UPDATE statements SET slug = 'pernyataan-' || CAST(position AS TEXT) WHERE slug IS NULL;
