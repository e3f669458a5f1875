-- What names people in lines is sealed like the vault, and leaves no bytes behind either.
CREATE OR REPLACE FUNCTION registry_turn_over() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
BEGIN
    CLUSTER import_parts USING import_parts_pkey;
    CLUSTER invitations USING invitations_pkey;
    CLUSTER request_lines USING request_lines_pkey;
    CLUSTER line_answers USING line_answers_pkey;
    CLUSTER vault USING vault_pkey;
END $$;
REVOKE EXECUTE ON FUNCTION registry_turn_over() FROM PUBLIC;

-- Whether the organisation that reads may be told by which account a platform knows somebody: it stands in the request. As the owner,
-- because the guards of the vault, mandates and lines name each other.
CREATE FUNCTION registry_lends_account(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
DECLARE
    reader uuid := registry_reading_org();
BEGIN
    RETURN reader IS NOT NULL AND EXISTS (
        SELECT FROM request_lines l JOIN portability_requests r ON r.id = l.request
        WHERE l.member = asked AND l.account IS NOT NULL AND (r.representative = reader OR r.platform = reader));
END $$;
