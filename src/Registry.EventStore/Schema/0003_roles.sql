-- Who reads is set for one transaction by every read as the reader, and empty again after it. A role that is nobody sees no
-- guarded row, and no name opens all of them: what the service itself decides on, it reads as the writer.

-- The organisation that reads; null where it is none.
CREATE FUNCTION registry_reading_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('registry.caller', true) LIKE 'org:%' THEN substr(current_setting('registry.caller', true), 5)::uuid END $$;

-- The blind index of the person who reads; null where it is none.
CREATE FUNCTION registry_reading_subject() RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('registry.caller', true) LIKE 'subject:%' THEN decode(substr(current_setting('registry.caller', true), 9), 'hex') END $$;

-- Blanks the data of a stream that has ended and drops its salts: what was said is gone, its leaves and its place stay.
-- The version is the one that the decision rests on. As Marten archives a stream, so that no fold reads it again.
CREATE FUNCTION registry_erase(stream uuid, at_version bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
DECLARE
    erased bigint;
BEGIN
    PERFORM 1 FROM registry_head WHERE one FOR UPDATE;
    INSERT INTO mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        SELECT s.id, s.type, s.version, s.timestamp, s.created, s.tenant_id, true FROM mt_streams s
        WHERE s.id = stream AND s.version = at_version AND NOT s.is_archived;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE registry_leaves l SET salt = NULL FROM mt_events e WHERE e.stream_id = stream AND l.position = e.seq_id;
    UPDATE mt_events e SET data = '{}', headers = NULL, is_archived = true WHERE e.stream_id = stream AND NOT e.is_archived;
    GET DIAGNOSTICS erased = ROW_COUNT;
    DELETE FROM mt_streams s WHERE s.id = stream AND NOT s.is_archived;
    RETURN erased;
END $$;
REVOKE EXECUTE ON FUNCTION registry_erase(uuid, bigint) FROM PUBLIC;
