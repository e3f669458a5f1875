#!/bin/sh
# The role that the service works as: neither superuser nor owner. Runs once, when the database is made.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$REGISTRY_WRITER_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE registry_writer LOGIN PASSWORD :'password';
SQL
