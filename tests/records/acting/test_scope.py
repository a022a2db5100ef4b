"""Tenancy is closed by default: what the managers refuse, by every door of the ORM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from anze.records.acting.context import SYSTEM, NoScope, OutOfScope, acting, current
from anze.records.evidence.models import Participation, Record
from anze.records.people.models import Holding, Person
from anze.records.tenants.models import Company, Unit
from tests.cast import NOW, STARTED, Cast

DOORS: dict[str, Callable[[Person], Any]] = {
    "list": lambda p: list(Person.objects.all()),
    "exists": lambda p: Person.objects.filter(pk=p.pk).exists(),
    "exclude": lambda p: Person.objects.exclude(pk=p.pk).exists(),
    "count": lambda p: Person.objects.count(),
    "in_bulk": lambda p: Person.objects.in_bulk([p.pk]),
    "explain": lambda p: Person.objects.all().explain(),
    "aggregate": lambda p: Person.objects.values("driver").count(),
    "raw": lambda p: list(Person.objects.raw("SELECT * FROM people_person")),
    "base manager": lambda p: Person._base_manager.filter(pk=p.pk).exists(),
    "default manager": lambda p: Person._default_manager.get(pk=p.pk),
    "refresh_from_db": lambda p: p.refresh_from_db(),
    "related manager": lambda p: list(p.holdings.all()),
    "select_for_update": lambda p: list(Person.objects.select_for_update()),
    "iterator": lambda p: list(Person.objects.iterator()),
    "create": lambda p: Person.objects.create(company_id=p.company_id, name="新", joined_on=STARTED),
    "get_or_create": lambda p: Unit.objects.get_or_create(
        company_id=p.company_id, kind="team", name="新", since=STARTED
    ),
    "bulk_create": lambda p: Person.objects.bulk_create([p]),
    "bulk_update": lambda p: Person.objects.bulk_update([p], ["name"]),
    "update": lambda p: Person.objects.update(name="改"),
    "queryset delete": lambda p: Person.objects.all().delete(),
    "save": lambda p: p.save(),
    "delete": lambda p: p.delete(),
}


@pytest.mark.parametrize("door", DOORS)
def test_without_a_scope_every_door_is_closed(cast: Cast, door: str) -> None:
    with cast.acts("principal"):
        person = Person.objects.get(pk=cast.a.clerk)
    with pytest.raises(NoScope):
        DOORS[door](person)


def test_current_names_the_missing_scope() -> None:
    with pytest.raises(NoScope, match="操作范围"):
        current()


@pytest.mark.parametrize(
    "door", ["list", "exists", "count", "explain", "first", "select_for_update", "update"]
)
def test_a_query_built_inside_and_evaluated_outside_is_refused(cast: Cast, door: str) -> None:
    with cast.acts("officer"):
        rows = Person.objects.all()
    doors: dict[str, Callable[[], Any]] = {
        "list": lambda: list(rows),
        "exists": rows.exists,
        "count": rows.count,
        "explain": rows.explain,
        "first": rows.first,
        "select_for_update": lambda: list(rows.select_for_update()),
        "update": lambda: rows.update(name="改"),
    }
    with pytest.raises((NoScope, ProgrammingError)), transaction.atomic():
        doors[door]()


def test_a_query_built_in_one_company_answers_nothing_in_another(cast: Cast) -> None:
    with cast.acts("principal"):
        rows = Person.objects.all()
    with cast.acts("other_principal"):
        assert not rows.exists()


def test_another_company_is_not_found_by_any_door(cast: Cast) -> None:
    theirs = cast.b.clerk
    with cast.acts("principal"):
        assert Person.objects.count() == 6
        assert not Person.objects.filter(pk=theirs).exists()
        assert Person.objects.in_bulk([theirs]) == {}
        assert not Person._base_manager.filter(pk=theirs).exists()
        assert not Company.objects.filter(pk=cast.b.id).exists()
        assert Person.objects.filter(pk=theirs).update(name="改") == 0
        assert Person.objects.filter(pk=theirs).delete()[0] == 0
        with pytest.raises(Person.DoesNotExist):
            Person(pk=theirs).refresh_from_db()
    with cast.acts("other_principal"):
        assert Person.objects.get(pk=theirs).name == "冯海"


def test_following_a_foreign_key_into_another_company_finds_nothing(cast: Cast) -> None:
    with cast.acts("other_principal"):
        holding = Holding.objects.get(person_id=cast.b.principal)
    with cast.acts("principal"):
        with pytest.raises(Person.DoesNotExist):
            _ = holding.person
        with pytest.raises(Company.DoesNotExist):
            _ = holding.company


WRITES: dict[str, Callable[[Cast], Any]] = {
    "create": lambda c: Unit.objects.create(company_id=c.b.id, kind="team", name="新", since=STARTED),
    "save": lambda c: Unit(company_id=c.b.id, kind="team", name="新", since=STARTED).save(),
    "bulk_create": lambda c: Unit.objects.bulk_create(
        [Unit(company_id=c.b.id, kind="team", name="新", since=STARTED)]
    ),
    "get_or_create": lambda c: Unit.objects.get_or_create(
        company_id=c.b.id, kind="team", name="新", defaults={"since": STARTED}
    ),
    "update company_id": lambda c: Person.objects.filter(pk=c.a.clerk).update(company_id=c.b.id),
    "update company": lambda c: Person.objects.filter(pk=c.a.clerk).update(company=Company(pk=c.b.id)),
    "bulk_update": lambda c: Person.objects.bulk_update([Person(pk=c.b.clerk, company_id=c.b.id)], ["name"]),
    "delete": lambda c: Person(pk=c.b.clerk, company_id=c.b.id).delete(),
    "related create": lambda c: Person.objects.get(pk=c.a.clerk).holdings.create(
        company_id=c.b.id, position="coach.principal", since=STARTED
    ),
}


@pytest.mark.parametrize("door", WRITES)
def test_writing_another_company_is_refused(cast: Cast, door: str) -> None:
    with cast.acts("principal"), pytest.raises(OutOfScope):
        WRITES[door](cast)


@pytest.mark.parametrize("door", WRITES)
def test_reading_two_companies_gives_no_right_to_write_them(cast: Cast, door: str) -> None:
    with cast.acts("officer"), pytest.raises(OutOfScope):
        WRITES[door](cast)


def test_taking_over_a_row_by_its_id_fails(cast: Cast) -> None:
    """A row of B with its company overwritten by A's: an update would have to move it."""
    stolen = Person(pk=cast.b.clerk, company_id=cast.a.id, name="夺", joined_on=STARTED)
    reads_both = acting(SYSTEM, reads=(cast.a.id, cast.b.id), writes=(cast.a.id,), at=NOW)
    for scope in (cast.acts("principal"), reads_both):
        with scope, pytest.raises(IntegrityError, match="people_person_pkey"), transaction.atomic():
            stolen.save()
    with cast.acts("other_principal"):
        assert Person.objects.get(pk=cast.b.clerk).name == "冯海"


def test_a_foreign_key_into_another_company_is_refused_by_the_database(cast: Cast) -> None:
    with cast.acts("principal"):
        record = Record.objects.create(
            company_id=cast.a.id, kind="meeting.safety", title="会", happened_at=NOW, captured_at=NOW
        )
        part = Participation(company_id=cast.a.id, record=record, person_id=cast.b.clerk, role="chair")
        with pytest.raises(IntegrityError, match="part_person_same_company"), transaction.atomic():
            part.save()
        holding = Holding(
            company_id=cast.a.id, person_id=cast.b.clerk, position="coach.safety_manager", since=STARTED
        )
        with pytest.raises(IntegrityError, match="holding_person_same_company"), transaction.atomic():
            holding.save()


def test_an_inner_scope_does_not_outlive_itself(cast: Cast) -> None:
    with cast.acts("principal"):
        with cast.acts("other_principal"):
            assert Person.objects.filter(pk=cast.b.clerk).exists()
        assert not Person.objects.filter(pk=cast.b.clerk).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_person")
            assert cursor.fetchone() == (6,)


def test_a_failed_inner_scope_shows_its_own_error_and_restores_the_outer(cast: Cast) -> None:
    with cast.acts("principal"):
        with (
            pytest.raises(IntegrityError, match="post_held_once"),
            acting(SYSTEM, reads=(cast.b.id,), at=NOW),
        ):
            Holding.objects.create(
                company_id=cast.b.id,
                person_id=cast.b.clerk,
                position="coach.principal",
                alone=True,
                since=STARTED,
            )
        assert Person.objects.count() == 6
        assert current().reads == (cast.a.id,)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), acting(SYSTEM, reads=(), at=NOW.replace(tzinfo=None)):
        pass
