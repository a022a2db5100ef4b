-- Links to an authority's platform (JT/T 809), what waits to be passed on, and what that platform asks.

CREATE TABLE telemetry.uplink (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id bigint NOT NULL,
    name text NOT NULL CHECK (name <> ''),  -- of the upper platform, as people say it
    version smallint NOT NULL CHECK (version IN (2011, 2019)),
    host text NOT NULL CHECK (host <> ''),
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    platform bigint NOT NULL CHECK (platform BETWEEN 0 AND 4294967295),     -- access code (接入码)
    platform_id text NOT NULL,                                              -- 平台唯一编码
    account bigint NOT NULL CHECK (account BETWEEN 0 AND 4294967295),
    password text NOT NULL,
    slave_address text NOT NULL,  -- told at log-in: where the upper platform opens the slave link to
    slave_port integer NOT NULL CHECK (slave_port BETWEEN 1 AND 65535),
    enabled boolean NOT NULL DEFAULT true,
    entered_at timestamptz NOT NULL DEFAULT now(),
    -- What the process that holds the link has seen; for pages.
    state text NOT NULL DEFAULT 'down' CHECK (state IN ('down', 'refused', 'up')),
    state_since timestamptz,
    detail text NOT NULL DEFAULT '',
    unsendable bigint NOT NULL DEFAULT 0,  -- positions that do not fit the message
    CONSTRAINT account_once UNIQUE (host, port, platform, account),
    CONSTRAINT listens_once UNIQUE (slave_port)
);
CREATE INDEX uplink_of_company ON telemetry.uplink (company_id);

-- Positions not yet known to have arrived: added in the group commit that stores them, deleted after that.
-- A copy, because days of positions become files while a platform may stay away for longer.
CREATE TABLE telemetry.upward (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uplink_id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    device_time timestamptz NOT NULL,
    terminal_id bigint NOT NULL,
    vehicle_id bigint NOT NULL,
    longitude integer NOT NULL,
    latitude integer NOT NULL,
    altitude integer NOT NULL,
    speed integer NOT NULL,
    direction integer NOT NULL,
    alarm bigint NOT NULL,
    status bigint NOT NULL,
    source smallint NOT NULL,
    items bytea NOT NULL
);
CREATE INDEX upward_of_uplink ON telemetry.upward (uplink_id, id);

CREATE TABLE telemetry.question (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uplink_id bigint NOT NULL REFERENCES telemetry.uplink,
    company_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('roll_call', 'supervision')),
    asked_at timestamptz NOT NULL,
    due_at timestamptz,  -- null: the platform has set no deadline
    serial bigint NOT NULL,
    carrier integer NOT NULL,  -- id and body of the frame: what an answer has to refer to
    body bytea NOT NULL,
    facts jsonb NOT NULL,      -- what it says, for people
    -- A person's answer.
    answered_at timestamptz,
    answered_by bigint,        -- person
    account_id bigint,
    responder text NOT NULL DEFAULT '',
    telephone text NOT NULL DEFAULT '',
    answer text,               -- of a roll-call
    result smallint CHECK (result BETWEEN 0 AND 3),  -- of a supervision
    delivered_at timestamptz,
    problem text NOT NULL DEFAULT '',  -- why it cannot be sent
    noted_at timestamptz,      -- the silence is in the journal
    CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
    CHECK (answered_at IS NULL OR account_id IS NOT NULL),
    CHECK (answered_at IS NULL OR responder <> ''),
    CHECK (answered_at IS NULL OR (kind = 'roll_call') = (answer IS NOT NULL)),
    CHECK (answered_at IS NULL OR (kind = 'supervision') = (result IS NOT NULL)),
    CHECK (delivered_at IS NULL OR answered_at IS NOT NULL)
);
CREATE INDEX question_of_company ON telemetry.question (company_id, asked_at);
CREATE INDEX question_open ON telemetry.question (uplink_id) WHERE delivered_at IS NULL;

-- Answers and changed accounts reach the process that holds the link without waiting for its next look.
CREATE FUNCTION telemetry.tell_uplinks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('anze_uplink', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER UPDATE OF answered_at ON telemetry.question
    FOR EACH ROW EXECUTE FUNCTION telemetry.tell_uplinks();
CREATE TRIGGER told AFTER INSERT OR UPDATE OF enabled ON telemetry.uplink
    FOR EACH ROW EXECUTE FUNCTION telemetry.tell_uplinks();
