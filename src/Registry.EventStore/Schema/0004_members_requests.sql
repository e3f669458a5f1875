-- Whether the person who reads stands in a request. As the owner, because the guards of lines and requests name each other.
CREATE FUNCTION registry_stands_in(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
BEGIN
    RETURN registry_reading_subject() IS NOT NULL AND EXISTS (
        SELECT FROM request_lines l JOIN mandates m ON m.id = l.mandate JOIN vault v ON v.member = m.member
        WHERE l.request = asked AND v.subject_index = registry_reading_subject());
END $$;

-- Who is erased leaves no name behind under which they would not be let in again.
CREATE INDEX registry_claims_by_stream ON registry_claims (stream);

-- Rewrites the tables that hold somebody sealed: what was deleted leaves no bytes in their files. Each table is locked while it is rewritten,
-- in the order in which appends lock them.
CREATE FUNCTION registry_turn_over() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
BEGIN
    CLUSTER import_parts USING import_parts_pkey;
    CLUSTER invitations USING invitations_pkey;
    CLUSTER line_accounts USING line_accounts_pkey;
    CLUSTER vault USING vault_pkey;
END $$;
REVOKE EXECUTE ON FUNCTION registry_turn_over() FROM PUBLIC;
