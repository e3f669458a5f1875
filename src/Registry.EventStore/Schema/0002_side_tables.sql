-- One row: every append of every node locks it first. Positions are numbered under it, so they are gapless and in the
-- order of the commits; its instant keeps recorded times from ever going back.
CREATE TABLE registry_head (
    one      boolean     PRIMARY KEY DEFAULT true CHECK (one),
    position bigint      NOT NULL,
    at       timestamptz NOT NULL
);
INSERT INTO registry_head (position, at) VALUES (0, '-infinity');

-- leaf = SHA-256(0x00 || entry); entry = HMAC-SHA-256(salt, RFC 8785 form of the event). Dropping a salt blinds its leaf.
CREATE TABLE registry_leaves (
    position bigint PRIMARY KEY,
    salt     bytea,
    leaf     bytea NOT NULL
);

-- What a repeated call gets: which stream at which version answered it. Caller and request stand as keyed digests.
CREATE TABLE registry_idempotency (
    caller     bytea       NOT NULL,
    key        text        NOT NULL,
    request    bytea       NOT NULL,
    status     smallint    NOT NULL,
    stream     uuid        NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (caller, key)
);

-- What may exist once only: taken under the head row, with the primary key as the second wall.
CREATE TABLE registry_claims (
    claim  text PRIMARY KEY,
    stream uuid NOT NULL
);

-- What others must be told: that something changed, never what.
CREATE TABLE registry_outbox (
    id        uuid   PRIMARY KEY,
    position  bigint NOT NULL,
    recipient uuid   NOT NULL,
    topic     text   NOT NULL,
    subject   uuid   NOT NULL
);
CREATE INDEX registry_outbox_by_recipient ON registry_outbox (recipient, position);

-- The legal clock of an evaluation instance: what is added to the machine's clock. Shared by all nodes.
CREATE TABLE registry_clock (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    offset_us   bigint  NOT NULL
);
INSERT INTO registry_clock (offset_us) VALUES (0);

-- Which views stand here, in which shape, and from which position on they were folded.
CREATE TABLE registry_views (
    name   text PRIMARY KEY,
    sha256 text NOT NULL
);
