-- Answers by which a platform knows somebody are sealed like accounts, and leave no bytes behind either.
CREATE OR REPLACE FUNCTION registry_turn_over() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = registry, pg_temp
    AS $$
BEGIN
    CLUSTER import_parts USING import_parts_pkey;
    CLUSTER invitations USING invitations_pkey;
    CLUSTER line_accounts USING line_accounts_pkey;
    CLUSTER line_answers USING line_answers_pkey;
    CLUSTER vault USING vault_pkey;
END $$;
REVOKE EXECUTE ON FUNCTION registry_turn_over() FROM PUBLIC;
