-- The device directory: which terminal was in which vehicle of which company, when.

CREATE TABLE telemetry.model (
    maker text NOT NULL,
    model text NOT NULL,
    -- How this model means additional items, where it differs from the standard: {"0x64": "raw"}.
    items jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (maker, model)
);

CREATE TABLE telemetry.terminal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The number in the header without leading zeros: 2013 sends twelve digits, 2019 twenty.
    phone text NOT NULL UNIQUE CHECK (phone ~ '^[1-9][0-9]{0,19}$'),
    -- What the terminal says of itself when it registers.
    device_id text NOT NULL DEFAULT '',
    maker text NOT NULL DEFAULT '',
    model text NOT NULL DEFAULT '',
    protocol smallint CHECK (protocol IN (2011, 2013, 2019)),
    sim text NOT NULL DEFAULT '',
    auth_digest bytea,
    registered_at timestamptz
);

CREATE TABLE telemetry.installation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal_id bigint NOT NULL REFERENCES telemetry.terminal,
    company_id bigint NOT NULL,
    vehicle_id bigint NOT NULL,
    plate text NOT NULL,
    plate_colour smallint NOT NULL,
    -- As the terminal's parameters 0x0055 to 0x0059; null: nothing of its own.
    speed_limit smallint CHECK (speed_limit > 0),             -- km/h
    speeding_after integer CHECK (speeding_after >= 0),       -- s
    driving_limit integer CHECK (driving_limit > 0),          -- s
    day_driving_limit integer CHECK (day_driving_limit > 0),  -- s
    least_rest integer CHECK (least_rest > 0),                -- s
    since timestamptz NOT NULL,
    until timestamptz,
    CONSTRAINT installation_lasts CHECK (until > since),
    CONSTRAINT terminal_in_one_vehicle
        EXCLUDE USING gist (terminal_id WITH =, tstzrange(since, until) WITH &&)
);
CREATE INDEX installation_of_terminal ON telemetry.installation (terminal_id, since);
CREATE INDEX installation_of_vehicle ON telemetry.installation (vehicle_id, since);
