-- What else a terminal says, what the application wants said to it, and what an operator listens to.

CREATE TABLE telemetry.message (
    received_at timestamptz NOT NULL,
    terminal_id bigint NOT NULL,
    company_id bigint,
    vehicle_id bigint,
    message_id integer NOT NULL,
    protocol smallint NOT NULL,
    body bytea NOT NULL
) PARTITION BY RANGE (received_at);
CREATE INDEX message_of_terminal ON telemetry.message (terminal_id, received_at);

CREATE TABLE telemetry.command (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id bigint NOT NULL,
    terminal_id bigint NOT NULL REFERENCES telemetry.terminal,
    name text NOT NULL,
    arguments jsonb NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    sent_at timestamptz,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('done', 'refused', 'unanswered', 'expired', 'impossible')),
    detail text NOT NULL DEFAULT '',
    answer_id integer,
    answer bytea,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX command_waiting ON telemetry.command (expires_at) WHERE ended_at IS NULL;
CREATE INDEX command_of_terminal ON telemetry.command (terminal_id, asked_at);

CREATE TABLE telemetry.tracing (
    terminal_id bigint PRIMARY KEY REFERENCES telemetry.terminal,
    company_id bigint NOT NULL,
    until timestamptz NOT NULL,
    asked_by text NOT NULL
);
CREATE TABLE telemetry.trace (
    at timestamptz NOT NULL,
    terminal_id bigint NOT NULL,
    company_id bigint NOT NULL,
    sent boolean NOT NULL,  -- by the platform
    data bytea NOT NULL
);
CREATE INDEX trace_of_terminal ON telemetry.trace (terminal_id, at);

-- Gateways listen: a command or a trace reaches the one that has the terminal without waiting for a poll.
CREATE FUNCTION telemetry.tell_gateways() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('anze_gateway', TG_TABLE_NAME || ' ' || CASE WHEN TG_TABLE_NAME = 'command'
        THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'terminal_id' END);
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT ON telemetry.command FOR EACH ROW EXECUTE FUNCTION telemetry.tell_gateways();
CREATE TRIGGER told AFTER INSERT OR UPDATE ON telemetry.tracing
    FOR EACH ROW EXECUTE FUNCTION telemetry.tell_gateways();

CREATE OR REPLACE FUNCTION telemetry.open_day(parent text, day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = telemetry, pg_temp AS $$
DECLARE
    part text := parent || '_' || to_char(day, 'YYYYMMDD');
    first timestamptz := day::timestamp AT TIME ZONE INTERVAL '+08:00';
BEGIN
    IF parent NOT IN ('identity', 'position', 'raw_frame', 'message')
        OR day NOT BETWEEN '2000-01-01' AND '2099-12-31' THEN
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
