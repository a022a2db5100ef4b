"""Who may do what in the tables of telemetry, and row-level security by the company of that moment.

The application reads its companies' rows and keeps the directory. The gateway adds positions and can read
none: what it may read is the directory, what it needs to tell old from new, and what waits to be passed on to
an authority's platform. Neither owns a table.
"""

from __future__ import annotations

from typing import LiteralString

from psycopg import sql

from anze.telemetry.schema import Connection

SCOPE_FUNCTION = """
CREATE OR REPLACE FUNCTION telemetry.{name}() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE told text := current_setting('anze.{name}', true);
BEGIN
    IF told IS NULL OR told = '' THEN
        RAISE EXCEPTION 'no scope: anze.{name} is not set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN string_to_array(told, ',')::bigint[];
END $$
"""
READS: LiteralString = "company_id IN (SELECT unnest(telemetry.reads()))"
WRITES: LiteralString = "company_id IN (SELECT unnest(telemetry.writes()))"
# A terminal is nobody's: it is seen by who had or has it in a vehicle.
INSTALLED: LiteralString = "EXISTS (SELECT FROM telemetry.installation i WHERE i.terminal_id = terminal.id)"
# It is described by who has it, or had it last.
HELD: LiteralString = "telemetry.holder_of(id) IN (SELECT unnest(telemetry.writes()))"

READ_BY_COMPANY = ("position", "latest", "gap", "quality", "raw_frame", "message", "trace")
POLICIES: dict[str, dict[str, LiteralString]] = {
    **{table: {"select": READS} for table in READ_BY_COMPANY},
    "terminal": {"select": INSTALLED, "update": HELD},
    "installation": {"select": READS, "insert": WRITES, "update": WRITES},
    "share": {"select": READS, "delete": WRITES},
    "command": {"select": READS, "insert": WRITES},
    "tracing": {"select": READS, "insert": WRITES, "update": WRITES},
    "uplink": {"select": READS, "insert": WRITES, "update": WRITES},
    "question": {"select": READS, "update": WRITES},
}
DIRECTORY: LiteralString = "id, phone, device_id, maker, model, protocol, sim, registered_at"
DESCRIPTION: LiteralString = "device_id, maker, model, protocol, sim"
# The password of an account goes in and never comes out again.
UPLINK: LiteralString = (
    "id, company_id, name, version, host, port, platform, platform_id, account, slave_address, slave_port, "
    "enabled, entered_at, state, state_since, detail, unsendable"
)
ANSWER: LiteralString = "answered_at, answered_by, account_id, responder, telephone, answer, result, noted_at"
REGISTRATION: LiteralString = "device_id, maker, model, protocol, sim, auth_digest, registered_at"
APP: dict[str, LiteralString] = {
    **dict.fromkeys(READ_BY_COMPANY, "SELECT"),
    "version": "SELECT",
    "manifest": "SELECT",
    "model": "SELECT",
    "terminal": f"SELECT ({DIRECTORY}), UPDATE ({DESCRIPTION})",
    "installation": "SELECT, INSERT, UPDATE",
    "share": "SELECT, DELETE",
    "command": "SELECT, INSERT",
    "tracing": "SELECT, INSERT, UPDATE",
    "uplink": f"SELECT ({UPLINK}), INSERT, UPDATE (enabled)",
    "question": f"SELECT, UPDATE ({ANSWER})",
}
GATEWAY: dict[str, LiteralString] = {
    "version": "SELECT",
    "model": "SELECT",
    "terminal": f"SELECT, UPDATE ({REGISTRATION})",
    "installation": "SELECT",
    "identity": "SELECT, INSERT",
    "position": "INSERT",
    "raw_frame": "INSERT",
    "latest": "SELECT, INSERT, UPDATE",
    "gap": "SELECT, INSERT, UPDATE",
    "quality": "SELECT, INSERT, UPDATE",
    "message": "INSERT",
    "command": "SELECT, UPDATE (sent_at, ended_at, outcome, detail, answer_id, answer)",
    "tracing": "SELECT",
    "trace": "INSERT",
    "uplink": "SELECT, UPDATE (state, state_since, detail, unsendable)",
    "upward": "SELECT, INSERT, DELETE",
    "question": "SELECT, INSERT, UPDATE (delivered_at, problem)",
}
FUNCTIONS: dict[LiteralString, tuple[str, ...]] = {
    "telemetry.reads()": ("app",),
    "telemetry.writes()": ("app",),
    "telemetry.terminal_of(text)": ("app",),
    "telemetry.holder_of(bigint)": ("app",),
    "telemetry.open_day(text, date)": ("gateway",),
}


def provision(connection: Connection, *, app: str, gateway: str | None) -> None:
    """Bring functions, policies and grants to what this version says. Runs as the owner; safe to repeat."""
    with connection.transaction():
        for name in ("reads", "writes"):
            connection.execute(SCOPE_FUNCTION.replace("{name}", name).encode())
        for table, clauses in POLICIES.items():
            _guard(connection, table, clauses)
        roles = {"app": (app, APP)} | ({"gateway": (gateway, GATEWAY)} if gateway else {})
        for role, grants in roles.values():
            _grant(connection, role, grants)
        for function, kinds in FUNCTIONS.items():
            connection.execute(sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function)))
            for kind in kinds:
                if kind in roles:
                    _allow(connection, function, roles[kind][0])


def _guard(connection: Connection, table: str, clauses: dict[str, LiteralString]) -> None:
    name = sql.Identifier("telemetry", table)
    connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))
    for command, rule in clauses.items():
        policy = sql.Identifier(f"company_{command}")
        clause = {"insert": "WITH CHECK ({})", "update": "USING ({}) WITH CHECK ({})"}.get(
            command, "USING ({})"
        )
        connection.execute(sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(policy, name))
        connection.execute(
            sql.SQL("CREATE POLICY {} ON {} FOR {} {}").format(
                policy, name, sql.SQL(command), sql.SQL(clause.replace("{}", rule))
            )
        )


def _grant(connection: Connection, role: str, grants: dict[str, LiteralString]) -> None:
    who = sql.Identifier(role)
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA telemetry TO {}").format(who))
    connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA telemetry FROM {}").format(who))
    for table, rights in grants.items():
        connection.execute(
            sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), sql.Identifier("telemetry", table), who)
        )


def _allow(connection: Connection, function: LiteralString, role: str) -> None:
    connection.execute(
        sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), sql.Identifier(role))
    )
