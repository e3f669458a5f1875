-- Marten's daemon notes by this function how far a projection has come. Nothing of ours calls it.
CREATE FUNCTION mt_mark_event_progression(name varchar, last_encountered bigint) RETURNS void LANGUAGE sql
    AS $$
    INSERT INTO registry.mt_event_progression AS p (name, last_seq_id, last_updated) VALUES ($1, $2, transaction_timestamp())
    ON CONFLICT ON CONSTRAINT mt_event_progression_pkey DO UPDATE SET last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
$$;
