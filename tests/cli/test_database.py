"""Roles, policies and grants; the schema that a process knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from anze.cli import database
from anze.cli.database import SchemaError, require_known_schema, schema_gap
from anze.records.acting import rls

COMPANY = (
    "INSERT INTO tenants_company "
    "(id, name, short_name, pinyin, trade, area, employees, vehicles, started_on, judged_from) VALUES "
    "(%s, %s, 'x', 'x', 'coach', '330200', 1, 1, '2020-01-01', '2020-01-01')"
)


def scope(reads: str, writes: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('anze.reads', %s, true), set_config('anze.writes', %s, true)", [reads, writes]
        )


def run(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def refused(statement: str, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        run(statement)


@pytest.mark.django_db
def test_the_product_runs_as_a_role_that_row_level_security_binds() -> None:
    rows = run("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert rows == [("anze_app", False, False)]


@pytest.mark.django_db
def test_every_table_of_a_company_is_guarded() -> None:
    held = run(
        "SELECT DISTINCT c.table_name FROM information_schema.columns c JOIN information_schema.tables t "
        "USING (table_schema, table_name) WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        "AND (c.column_name = 'company_id' OR c.table_name = 'tenants_company')"
    )
    guarded = run(
        "SELECT relname FROM pg_class c WHERE relrowsecurity AND relnamespace = 'public'::regnamespace "
        "AND 4 = (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)"
    )
    # An authority's own rows are guarded by the authority.
    expected = {name for (name,) in held} - set(rls.OPEN) | {rls.DECLARATIONS}
    assert expected == {name for (name,) in guarded}
    assert len(guarded) > 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table", ["tenants_company", "people_person", "duties_obligation", "evidence_record"]
)
def test_no_scope_raises_instead_of_answering_with_nothing(table: str) -> None:
    refused(f"SELECT count(*) FROM {table}", "no scope: anze.reads is not set")
    scope("", "")
    refused(f"SELECT count(*) FROM {table}", "no scope: anze.reads is not set")
    scope("0", "0")
    assert run(f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.mark.django_db
def test_a_raw_statement_sees_and_changes_only_its_scope() -> None:
    for company in (901, 902):
        scope(str(company), str(company))
        run(COMPANY, [company, f"甲{company}"])
    assert run("SELECT id FROM tenants_company") == [(902,)]

    scope("901,902", "901")
    assert run("SELECT id FROM tenants_company ORDER BY id") == [(901,), (902,)]
    assert run("UPDATE tenants_company SET vehicles = 2 RETURNING id") == [(901,)]
    assert run("DELETE FROM tenants_company RETURNING id") == [(901,)]
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        run(COMPANY, [903, "丙"])


@pytest.mark.django_db
def test_the_journal_can_only_grow() -> None:
    scope("1", "1")
    refused("UPDATE journal_entry SET action = 'x'", "permission denied")
    refused("DELETE FROM journal_entry", "permission denied")
    refused("DELETE FROM journal_chain", "permission denied")
    refused("TRUNCATE journal_entry", "permission denied")
    refused("DELETE FROM django_migrations", "permission denied")


@pytest.mark.django_db
def test_the_product_cannot_take_its_policies_away() -> None:
    refused("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY", "must be owner")
    refused("CREATE TABLE mine (x int)", "permission denied")


@pytest.mark.django_db
def test_the_sweep_may_ask_which_companies_there_are_and_nothing_else() -> None:
    scope("905", "905")
    run(COMPANY, [905, "戊"])
    scope("0", "0")
    assert (905,) in run("SELECT anze_company_ids()")


@pytest.mark.django_db(databases=["default", "owner"])
def test_provisioning_again_changes_nothing() -> None:
    with connections["owner"].cursor() as cursor:

        def policies() -> list[tuple[Any, ...]]:
            cursor.execute("SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2")
            return list(cursor.fetchall())

        before = policies()
        rls.provision(cursor)
        assert policies() == before


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_after_the_test() -> None:
    with transaction.atomic():
        scope("906", "906")
        run(COMPANY, [906, "己"])
    connection.close()
    with transaction.atomic():
        scope("906", "906")
        assert run("SELECT id FROM tenants_company") == [(906,)]


@pytest.mark.django_db
def test_this_version_knows_its_own_schema() -> None:
    assert schema_gap() == ([], [])
    require_known_schema()


@pytest.mark.django_db
def test_an_unknown_schema_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "schema_gap", lambda: ([], ["duties.0099_future"]))
    with pytest.raises(SchemaError, match=r"duties\.0099_future"):
        require_known_schema()
    monkeypatch.setattr(database, "schema_gap", lambda: (["duties.0002_x"], []))
    with pytest.raises(SchemaError, match="anze upgrade"):
        require_known_schema()


@pytest.mark.django_db(transaction=True)
def test_a_migration_of_a_newer_version_is_found(owner_rows: Any) -> None:
    owner_rows.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('duties', '0099_future', now())"
    )
    try:
        assert schema_gap() == ([], ["duties.0099_future"])
    finally:
        owner_rows.execute("DELETE FROM django_migrations WHERE name = '0099_future'")


def test_the_gateway_of_a_server_that_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its account is named, or it is told what is missing; nothing is granted to nobody."""
    from anze.cli.database import gateway_conninfo, gateway_role
    from anze.cli.home import Home

    home = Home(Path("nowhere"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/anze")
    assert gateway_role() is None
    with pytest.raises(SchemaError, match="ANZE_GATEWAY_URL"):
        gateway_conninfo(home)
    monkeypatch.setenv("ANZE_GATEWAY_URL", "postgresql://wire@db/anze")
    assert gateway_role() == "wire"
    assert gateway_conninfo(home) == "postgresql://wire@db/anze"
