"""Who may see and do what, asked as each role."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from anze.telemetry import rights, schema
from anze.telemetry.rows import RawFrame
from anze.telemetry.writer import SyncWriter
from tests.telemetry.build import ANOTHER_COMPANY, COMPANY, NOON, drive, install
from tests.telemetry.conftest import Connection, Fleet

BY_COMPANY = ("position", "latest", "gap", "quality", "raw_frame", "installation", "share", "question")
TABLES = (*BY_COMPANY, "identity", "manifest", "model", "terminal", "version")


# An account at an authority's platform, and something that platform asked.
QUESTION = """
WITH made AS (
    INSERT INTO telemetry.uplink (company_id, name, version, host, port, platform, platform_id, account,
        password, slave_address, slave_port)
    VALUES (%(company)s, '市平台', 2011, '192.0.2.1', 9000, 1, '1', %(company)s, 'geheim', '192.0.2.2',
        7000 + %(company)s) RETURNING id
)
INSERT INTO telemetry.question (uplink_id, company_id, kind, asked_at, serial, carrier, body, facts)
SELECT id, %(company)s, 'roll_call', now(), 1, 37632, '', '{}' FROM made
"""


@pytest.fixture
def filled(owner: Connection, gateway: Connection, fleet: Fleet) -> Fleet:
    """A row in every table for both companies."""
    writer = SyncWriter(gateway)
    for terminal in (fleet.first, fleet.other):
        writer.store(drive(terminal, NOON, 2) + drive(terminal, NOON.replace(hour=8), 2))
        writer.keep([RawFrame(NOON, b"~", "bad-checksum", terminal_id=terminal)])
    writer.keep([RawFrame(NOON, b"~", "nobody")])
    (name,) = owner.execute(
        "INSERT INTO telemetry.manifest (name, day, rows, bytes, sha256, first_device_time, last_device_time)"
        " VALUES ('2026-05-01-0123456789abcdef.parquet', '2026-05-01', 2, 9, 'x', now(), now()) RETURNING id"
    ).fetchone() or (0,)
    for company in (COMPANY, ANOTHER_COMPANY):
        owner.execute("INSERT INTO telemetry.share VALUES (%s, %s, 1)", [name, company])
        owner.execute(QUESTION.encode(), {"company": company})
    return fleet


def scoped(app: Connection, query: str, *companies: int) -> list[tuple[Any, ...]]:
    with app.transaction():
        told = ",".join(map(str, (0, *companies)))
        app.execute(
            "SELECT set_config('anze.reads', %s, true), set_config('anze.writes', %s, true)", [told, told]
        )
        return app.execute(query.encode()).fetchall()


@pytest.mark.parametrize("table", BY_COMPANY)
def test_a_company_sees_its_own_rows_alone(app: Connection, filled: Fleet, table: str) -> None:
    query = f"SELECT DISTINCT company_id FROM telemetry.{table} ORDER BY 1"
    assert scoped(app, query, COMPANY) == [(COMPANY,)]
    assert scoped(app, query, COMPANY, ANOTHER_COMPANY) == [(COMPANY,), (ANOTHER_COMPANY,)]
    assert scoped(app, query) == []


def test_a_terminal_is_seen_by_whose_vehicle_it_is_in(app: Connection, filled: Fleet) -> None:
    assert scoped(app, "SELECT phone FROM telemetry.terminal", ANOTHER_COMPANY) == [("13800000021",)]


@pytest.mark.parametrize("table", BY_COMPANY)
def test_without_a_scope_nothing_is_answered(app: Connection, filled: Fleet, table: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match="no scope"):
        app.execute(f"SELECT * FROM telemetry.{table}".encode())


def test_a_partition_is_no_way_round(app: Connection, filled: Fleet) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        scoped(app, "SELECT * FROM telemetry.position_20260520", COMPANY)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT auth_digest FROM telemetry.terminal",
        "SELECT password FROM telemetry.uplink",
        "UPDATE telemetry.uplink SET host = '192.0.2.3'",
        "SELECT * FROM telemetry.upward",
        "DELETE FROM telemetry.question",
        "UPDATE telemetry.question SET delivered_at = now()",
        "INSERT INTO telemetry.question (uplink_id) VALUES (1)",
        "SELECT * FROM telemetry.identity",
        "INSERT INTO telemetry.position SELECT * FROM telemetry.position",
        "DELETE FROM telemetry.position",
        "UPDATE telemetry.latest SET speed = 0",
        "DELETE FROM telemetry.manifest",
        "DELETE FROM telemetry.installation",
        "SELECT telemetry.open_day('position', '2026-01-01')",
    ],
)
def test_what_the_application_may_not(app: Connection, filled: Fleet, query: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        scoped(app, query, COMPANY)


def test_a_company_answers_nothing_for_another(app: Connection, filled: Fleet) -> None:
    said = "UPDATE telemetry.question SET noted_at = now() RETURNING company_id"
    assert scoped(app, said, COMPANY) == [(COMPANY,)]
    assert scoped(app, "SELECT company_id, name FROM telemetry.uplink", COMPANY) == [(COMPANY, "市平台")]


def test_a_company_enters_no_vehicle_for_another(app: Connection, filled: Fleet) -> None:
    insert = (
        "INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since)"
        f" SELECT telemetry.terminal_of('13500000001'), {ANOTHER_COMPANY}, 5, '浙A00005', 2, now()"
        " RETURNING id"
    )
    with pytest.raises(errors.InsufficientPrivilege):
        scoped(app, insert, COMPANY)
    assert len(scoped(app, insert, ANOTHER_COMPANY)) == 1


def test_a_terminal_is_described_by_who_has_it(app: Connection, owner: Connection, filled: Fleet) -> None:
    described = f"UPDATE telemetry.terminal SET model = 'X' WHERE id = {filled.first} RETURNING id"
    assert scoped(app, described, ANOTHER_COMPANY) == []
    assert scoped(app, described, COMPANY) == [(filled.first,)]
    owner.execute("UPDATE telemetry.installation SET until = now() WHERE terminal_id = %s", [filled.first])
    assert scoped(app, described, COMPANY) == [(filled.first,)]
    owner.execute(
        "INSERT INTO telemetry.installation (terminal_id, company_id, vehicle_id, plate, plate_colour, since)"
        " VALUES (%s, %s, 21, '浙A00021', 2, now())",
        [filled.first, ANOTHER_COMPANY],
    )
    assert scoped(app, described, COMPANY) == []
    assert scoped(app, described, ANOTHER_COMPANY) == [(filled.first,)]
    with pytest.raises(errors.InsufficientPrivilege):
        scoped(app, "UPDATE telemetry.terminal SET auth_digest = NULL RETURNING id", COMPANY)


@pytest.mark.parametrize("column", ["password", "m1", "key"])
def test_the_secrets_of_an_account_never_come_out(app: Connection, filled: Fleet, column: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        scoped(app, f"SELECT {column} FROM telemetry.uplink", COMPANY)


GATEWAY_READS = {
    "terminal", "installation", "model", "version", "identity", "latest", "gap", "quality", "question",
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_what_the_gateway_may_read(gateway: Connection, filled: Fleet, table: str) -> None:
    query = f"SELECT * FROM telemetry.{table}".encode()
    if table in GATEWAY_READS:
        gateway.execute(query)
        return
    with pytest.raises(errors.InsufficientPrivilege):
        gateway.execute(query)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "act", ["DELETE FROM telemetry.{}", "TRUNCATE telemetry.{}", "DROP TABLE telemetry.{}"]
)
def test_the_gateway_takes_nothing_away(gateway: Connection, filled: Fleet, table: str, act: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        gateway.execute(act.format(table).encode())


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE telemetry.position SET speed = 0",
        "UPDATE telemetry.terminal SET phone = '1'",
        "INSERT INTO telemetry.terminal (phone) VALUES ('1')",
        "UPDATE telemetry.installation SET until = now()",
        "UPDATE telemetry.question SET answered_at = now()",
        "UPDATE telemetry.uplink SET enabled = false",
        "SELECT * FROM public.tenants_company",
        "SELECT * FROM public.people_account",
        "CREATE TABLE public.mine (a int)",
        "CREATE TABLE telemetry.mine (a int)",
        "SELECT telemetry.terminal_of('1')",
        "SELECT anze_company_ids()",
        "SET ROLE anze_owner",
    ],
)
def test_the_gateway_does_nothing_else(gateway: Connection, filled: Fleet, query: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        gateway.execute(query.encode())


def test_only_days_of_its_own_tables(gateway: Connection) -> None:
    for parent, day in (("terminal", "2026-01-01"), ("position", "1999-12-31")):
        with pytest.raises(errors.InvalidParameterValue):
            gateway.execute("SELECT telemetry.open_day(%s, %s)", [parent, day])


def test_a_terminal_is_in_one_vehicle_at_a_time(owner: Connection, fleet: Fleet) -> None:
    with pytest.raises(errors.ExclusionViolation):
        install(owner, "13800000011", vehicle=99, since=NOON)


def test_migrating_again_changes_nothing(owner: Connection) -> None:
    assert schema.apply(owner) == []
    rights.provision(owner, app="anze_app", gateway="anze_gateway")
    rights.provision(owner, app="anze_app", gateway=None)
    assert schema.gap(owner) == ([], [])


@pytest.mark.django_db
def test_a_newer_schema_is_named(owner: Connection) -> None:
    from anze.cli.database import SchemaError, require_known_schema, schema_gap

    owner.execute("INSERT INTO telemetry.version (name) VALUES ('9999_later')")
    try:
        assert schema_gap() == ([], ["telemetry.9999_later"])
        with pytest.raises(SchemaError, match="9999_later"):
            require_known_schema()
    finally:
        owner.execute("DELETE FROM telemetry.version WHERE name = '9999_later'")


def test_a_database_without_it_lacks_everything(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute("DROP SCHEMA telemetry CASCADE")
        missing, unknown = schema.gap(owner)
        assert (missing[0], unknown) == ("0001_directory", [])
        assert schema.apply(owner) == missing


def test_the_owner_is_not_the_application(owner: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("SET ROLE postgres")
