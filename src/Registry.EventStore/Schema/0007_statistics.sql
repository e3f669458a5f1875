-- Nothing is found by the JSON of an event or of a view: statistics of it are work that nobody reads. PostgreSQL otherwise
-- sorts thirty thousand rows by it each time that a table has grown by a tenth, and keeps samples of what was said.
ALTER TABLE mt_events ALTER COLUMN headers SET STATISTICS 0;
DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'data' AND a.atttypid = 'jsonb'::regtype
    LOOP
        EXECUTE 'ALTER TABLE ' || t || ' ALTER COLUMN data SET STATISTICS 0';
    END LOOP;
END $$;
