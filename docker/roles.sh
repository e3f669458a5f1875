#!/bin/sh
# The roles that the service works as: none is superuser or owner. Runs once, when the database is made.
set -eu
psql -v ON_ERROR_STOP=1 -v writer="$REGISTRY_WRITER_PASSWORD" -v reader="$REGISTRY_READER_PASSWORD" -v eraser="$REGISTRY_ERASER_PASSWORD" \
    -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE registry_writer LOGIN PASSWORD :'writer';
CREATE ROLE registry_reader LOGIN PASSWORD :'reader';
CREATE ROLE registry_eraser LOGIN PASSWORD :'eraser';
SQL
