"""What is read for an assessment answers exactly as all records would."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from anze.records.acting.context import SYSTEM, acting
from anze.records.assessments import books
from anze.records.assessments.models import Keeping
from anze.records.evidence.facts import facts_of
from anze.records.evidence.models import Participation, Record, RecordSubject
from anze.records.lawbook import lawbook
from anze.rules.assessment import findings
from anze.rules.catalogue.schemes import Scheme
from tests.cast import NOW, TODAY, Cast
from tests.records.assessments.stage import as_taxi

SEAL = "UPDATE evidence_record SET status = 'sealed', number = 'T-' || id, received_at = captured_at"
REVISE = (
    "UPDATE evidence_record SET status = 'superseded' WHERE id IN (SELECT revises_id FROM evidence_record)"
)


def filled(cast: Cast, scheme: Scheme, seed: int) -> None:
    """Sealed records of every kind that is asked about, with whatever their kinds can hold."""
    dice = random.Random(seed)
    company, people = cast.a.id, [cast.a.principal, cast.a.safety_manager, *cast.a.drivers, cast.a.clerk]
    for number, kind in enumerate(books.kinds_asked(scheme) * 4):
        made = Record.objects.create(
            company_id=company,
            kind=kind,
            title=kind,
            happened_at=NOW - timedelta(days=dice.randrange(900), hours=dice.randrange(24)),
            captured_at=NOW,
            hours=dice.choice([None, "1.5", "3"]),
            values=_values(kind, dice),
            valid_until=TODAY + timedelta(days=dice.randrange(-300, 300)) if dice.random() < 0.7 else None,
            about=Record.objects.order_by("?").first() if dice.random() < 0.3 else None,
            salt=str(number),
        )
        for person in dice.sample(people, dice.randrange(4)):
            role = dice.choice(["subject", "participant", "organiser"])
            attendance = dice.choice(["attended", "attended", "absent"])
            told = {
                "person_id": person,
                "role": role,
                "attendance": attendance,
                "hours": dice.choice([None, 2]),
            }
            Participation.objects.create(company_id=company, record=made, **told)
        for type_, subjects in (("vehicle", cast.a.vehicles), ("department", (cast.a.department,))):
            for subject in dice.sample(subjects, dice.randrange(len(subjects) + 1)):
                RecordSubject.objects.create(
                    company_id=company, record=made, subject_type=type_, subject=subject
                )
    first = Record.objects.filter(answers__isnull=False).order_by("pk").first()
    assert first is not None
    newer = Record.objects.get(pk=first.pk)
    newer.pk, newer.revises_id, newer._state.adding = None, first.pk, True
    newer.save()
    with connection.cursor() as cursor:
        cursor.execute(SEAL)
        cursor.execute(REVISE)


def _values(kind: str, dice: random.Random) -> dict[str, str]:
    found = {}
    for spec in lawbook().kinds[kind].fields:
        if spec.type == "choice":
            found[spec.id] = dice.choice(list(spec.choices))
        elif spec.type in ("number", "money", "hours"):
            found[spec.id] = str(dice.randrange(5))
    return {name: value for name, value in found.items() if dice.random() < 0.9}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_as_from_all_records(cast: Cast, seed: int) -> None:
    as_taxi(cast)
    scheme = lawbook().schemes["taxi-2012"]
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        filled(cast, scheme, seed)
        for kind in books.kinds_asked(scheme)[::2]:
            day = date(2024, 1 + seed, 1)
            told = {"since": day, "declared_at": NOW, "declared_by": "李"}
            Keeping.objects.create(company_id=cast.a.id, kind=kind, **told)
        everything = tuple(facts_of(cast.a.id))
        decided = 0
        for since in (None, date(2026, 1, 1)):
            for on in (TODAY, TODAY - timedelta(days=200), TODAY + timedelta(days=400)):
                read = books.books_of(cast.a.id, scheme, since, on)
                assert len(read.facts) <= len(everything)
                known = [fact for fact in everything if fact.day <= on]
                found = findings(scheme, read, on)
                assert found == findings(scheme, replace(read, facts=tuple(known)), on)
                decided += sum(one.answer is not None for one in found.values())
        assert decided > 200
