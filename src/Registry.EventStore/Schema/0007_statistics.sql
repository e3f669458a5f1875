-- Nothing is found by the text of an event: statistics of it are work that nobody reads. PostgreSQL otherwise sorts thirty
-- thousand events by their JSON each time that the log has grown by a tenth.
ALTER TABLE mt_events ALTER COLUMN data SET STATISTICS 0, ALTER COLUMN headers SET STATISTICS 0;
