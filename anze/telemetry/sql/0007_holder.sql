-- Who describes a terminal: the company that has it, or had it last. Row-level security hides the others' rows.
CREATE FUNCTION telemetry.holder_of(asked bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = telemetry, pg_temp AS $$
    SELECT company_id FROM installation WHERE terminal_id = asked ORDER BY since DESC LIMIT 1
$$;
