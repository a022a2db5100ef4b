"""Behind the managers stands PostgreSQL: raw SQL of the application role sees and writes its scope alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from anze.records.acting.context import SYSTEM, acting
from anze.records.acting.rls import OPEN
from anze.records.evidence import actions as evidence
from anze.records.people.models import Account
from anze.records.tenants.models import Authority, Supervision
from tests.cast import NOW, Cast, meeting


def ask(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_table_of_a_company_has_a_policy_for_every_command() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t "
            "USING (table_schema, table_name) WHERE c.table_schema = 'public' "
            "AND t.table_type = 'BASE TABLE' AND c.column_name = 'company_id'"
        )
        tables = {name for (name,) in cursor.fetchall()} - set(OPEN) | {"tenants_company"}
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename, cmd FROM pg_policies WHERE schemaname = 'public'")
        policies = set(cursor.fetchall())
    assert {"people_person", "evidence_record", "journal_entry", "duties_obligation"} <= tables
    assert tables <= secured
    assert {(t, c) for t in tables for c in ("SELECT", "INSERT", "UPDATE", "DELETE")} <= policies


@pytest.mark.django_db
def test_the_application_role_is_neither_superuser_nor_owner() -> None:
    (row,) = ask("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    assert row == (False, False)
    assert ask("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user") == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["people_person", "evidence_record", "journal_entry", "tenants_company"])
def test_without_a_scope_the_database_refuses(table: str) -> None:
    with pytest.raises(ProgrammingError, match="no scope"), transaction.atomic():
        ask(f"SELECT count(*) FROM {table}")


def test_after_a_scope_the_database_refuses_again(cast: Cast) -> None:
    with cast.acts("principal"):
        assert ask("SELECT count(*) FROM people_person") == [(6,)]
    with pytest.raises(ProgrammingError, match="no scope"), transaction.atomic():
        ask("SELECT count(*) FROM people_person")


def test_a_raw_join_from_an_unscoped_table_leaks_nothing(cast: Cast) -> None:
    join = (
        "SELECT DISTINCT p.company_id FROM tenants_supervision s "
        "JOIN people_person p ON p.company_id = s.company_id JOIN people_account a ON a.person_id = p.id"
    )
    with cast.acts("principal"):
        assert ask(join) == [(cast.a.id,)]
        supervised = Authority.objects.filter(supervisions__company__short_name__startswith="通途")
        assert not supervised.exists()
        assert not Account.objects.filter(person__name__startswith="冯海").exists()
        assert Supervision.objects.filter(company__name__isnull=False).count() == 1
    with cast.acts("officer"):
        assert sorted(ask(join)) == [(cast.a.id,), (cast.b.id,)]
    with cast.acts("stranger_officer"):
        assert ask(join) == []


def test_writing_another_company_is_refused_by_the_database_too(cast: Cast) -> None:
    insert = (
        "INSERT INTO tenants_unit (company_id, kind, name, since) VALUES (%s, 'team', '新', '2026-01-01')"
    )
    with cast.acts("principal"):
        ask(insert, cast.a.id)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ask(insert, cast.b.id)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ask("UPDATE tenants_unit SET company_id = %s", cast.b.id)


def test_an_officer_reads_and_changes_nothing(cast: Cast) -> None:
    with cast.acts("officer"):
        assert ask("SELECT count(*) FROM people_person") == [(12,)]
        for sql in (
            "UPDATE people_person SET name = '改' RETURNING id",
            "DELETE FROM people_cover RETURNING id",
            "DELETE FROM people_holding RETURNING id",
            "SELECT id FROM people_person FOR UPDATE",
        ):
            assert ask(sql) == [], sql


def test_the_journal_can_only_grow(cast: Cast) -> None:
    with cast.acts("principal"):
        evidence.draft_record(draft=meeting(cast.a))
    with cast.acts("principal"):
        for sql in (
            "UPDATE journal_entry SET actor = 'x'",
            "DELETE FROM journal_entry",
            "DELETE FROM journal_chain",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                ask(sql)


def test_an_authority_sees_its_own_chain_and_no_other(cast: Cast) -> None:
    chains = "SELECT authority_id FROM journal_chain WHERE authority_id IS NOT NULL"
    with cast.acts("officer"):
        assert ask(chains) == [(cast.authority,)]
    with cast.acts("stranger_officer"):
        assert ask(chains) == [(cast.other_authority,)]
    with cast.acts("principal"):
        assert ask(chains) == []
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW, authority=cast.authority):
        assert ask(chains) == [(cast.authority,)]
