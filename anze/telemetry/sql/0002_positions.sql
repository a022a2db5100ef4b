-- Positions by day of receipt, what makes each of them unique by day of the device, and what is kept beside them.

CREATE TABLE telemetry.identity (
    terminal_id bigint NOT NULL,
    device_time timestamptz NOT NULL,
    digest bigint NOT NULL,  -- first eight bytes of the body's BLAKE2b
    PRIMARY KEY (terminal_id, device_time, digest)
) PARTITION BY RANGE (device_time);

CREATE TABLE telemetry.position (
    received_at timestamptz NOT NULL,
    device_time timestamptz NOT NULL,
    terminal_id bigint NOT NULL,
    vehicle_id bigint NOT NULL,
    company_id bigint NOT NULL,
    digest bigint NOT NULL,
    longitude integer NOT NULL,  -- 1e-6 degrees, west negative
    latitude integer NOT NULL,   -- 1e-6 degrees, south negative
    altitude integer NOT NULL,   -- m
    speed integer NOT NULL,      -- 0.1 km/h
    direction integer NOT NULL, -- degrees, north 0
    alarm bigint NOT NULL,
    status bigint NOT NULL,
    mileage bigint,              -- 0.1 km
    recorder_speed integer,      -- 0.1 km/h
    source smallint NOT NULL,
    items bytea NOT NULL         -- additional items as sent
) PARTITION BY RANGE (received_at);
CREATE INDEX position_of_vehicle ON telemetry.position (vehicle_id, device_time);

CREATE TABLE telemetry.latest (
    vehicle_id bigint PRIMARY KEY,
    company_id bigint NOT NULL,
    terminal_id bigint NOT NULL,
    device_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    longitude integer NOT NULL,
    latitude integer NOT NULL,
    altitude integer NOT NULL,
    speed integer NOT NULL,
    direction integer NOT NULL,
    alarm bigint NOT NULL,
    status bigint NOT NULL,
    mileage bigint
) WITH (fillfactor = 60);
CREATE INDEX latest_of_company ON telemetry.latest (company_id);

CREATE TABLE telemetry.gap (
    vehicle_id bigint NOT NULL,
    since timestamptz NOT NULL,  -- the position before the silence
    until timestamptz NOT NULL,  -- the position after it
    company_id bigint NOT NULL,
    terminal_id bigint NOT NULL,
    filled integer NOT NULL DEFAULT 0,  -- positions that came later for a time inside
    PRIMARY KEY (vehicle_id, since)
);
CREATE INDEX gap_of_company ON telemetry.gap (company_id, until);

CREATE TABLE telemetry.quality (
    terminal_id bigint NOT NULL,
    day date NOT NULL,  -- of receipt
    company_id bigint NOT NULL,  -- 0: in no vehicle
    stored integer NOT NULL DEFAULT 0,
    duplicates integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    malformed integer NOT NULL DEFAULT 0,
    unlocated integer NOT NULL DEFAULT 0,
    at_zero integer NOT NULL DEFAULT 0,
    ahead integer NOT NULL DEFAULT 0,
    backfilled integer NOT NULL DEFAULT 0,
    PRIMARY KEY (terminal_id, day, company_id)
) WITH (fillfactor = 60);
CREATE INDEX quality_of_company ON telemetry.quality (company_id, day);

CREATE TABLE telemetry.raw_frame (
    received_at timestamptz NOT NULL,
    terminal_id bigint,
    company_id bigint,
    phone text NOT NULL,
    peer text NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    frame bytea NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX raw_frame_of_terminal ON telemetry.raw_frame (terminal_id, received_at);

-- A file is live while a row here names it and has not expired.
CREATE TABLE telemetry.manifest (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{16}\.parquet$'),
    day date NOT NULL,
    rows bigint NOT NULL CHECK (rows > 0),
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    first_device_time timestamptz NOT NULL,
    last_device_time timestamptz NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now(),
    expired_at timestamptz
);
CREATE INDEX manifest_of_day ON telemetry.manifest (day);

-- Whose positions a file holds: each company's journal is told when they expire.
CREATE TABLE telemetry.share (
    manifest_id bigint NOT NULL REFERENCES telemetry.manifest,
    company_id bigint NOT NULL,
    rows bigint NOT NULL,
    PRIMARY KEY (manifest_id, company_id)
);

-- Makes the partition of a day in Asia/Shanghai. ATTACH, because CREATE ... PARTITION OF would stop all writers.
CREATE FUNCTION telemetry.open_day(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = telemetry, pg_temp AS $$
DECLARE
    part text := parent || '_' || to_char(day, 'YYYYMMDD');
    first timestamptz := day::timestamp AT TIME ZONE INTERVAL '+08:00';
BEGIN
    IF parent NOT IN ('identity', 'position', 'raw_frame') OR day NOT BETWEEN '2000-01-01' AND '2099-12-31' THEN
        RAISE EXCEPTION 'no day % of %', day, parent USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('telemetry.' || part, 0));
    IF to_regclass('telemetry.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE telemetry.%I (LIKE telemetry.%I INCLUDING ALL)', part, parent);
    EXECUTE format('ALTER TABLE telemetry.%I ATTACH PARTITION telemetry.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, part, first, first + INTERVAL '1 day');
    RETURN true;
END $$;

-- A company asks for a terminal by its number without learning who else has had it.
CREATE FUNCTION telemetry.terminal_of(asked text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = telemetry, pg_temp AS $$
BEGIN
    INSERT INTO terminal (phone) VALUES (asked) ON CONFLICT DO NOTHING;
    RETURN (SELECT id FROM terminal WHERE phone = asked);
END $$;
