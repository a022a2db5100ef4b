"""Sealed records that concern one person or one vehicle, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from anze.records.acting.context import SHANGHAI
from anze.records.evidence.access import withheld
from anze.records.evidence.models import Participation, Record, RecordSubject
from anze.records.lawbook import lawbook
from anze.rules.catalogue.dossier_model import Wanted
from anze.rules.catalogue.model import Role
from anze.rules.dossiers.validity import Paper, newest
from anze.rules.results import Result, plain

SEALED = Record.Status.SEALED
ABOUT = (str(Role.SUBJECT), str(Role.PARTICIPANT))  # who organised a check-up was not examined by it
_FIELDS = ("id", "kind", "number", "title", "happened_at", "hours", "values", "valid_until")


@dataclass(frozen=True, slots=True)
class Concerning:
    """`hours`: the person's own, or the session's. `about`: they took part, or it is about them."""

    id: int
    kind: str
    kind_name: str
    number: str
    title: str
    day: date
    happened_at: datetime
    values: Mapping[str, str]
    valid_until: date | None
    hours: Fraction | None = None
    about: bool = True
    result: str = ""  # of the person: 92分，合格

    def chosen(self, *fields: str) -> str:
        """What was chosen in the first of these fields that is a choice, in Chinese; empty: nothing."""
        kind = lawbook().kinds.get(self.kind)
        specs = {spec.id: spec for spec in kind.fields} if kind else {}
        labels = (specs[f].choices.get(self.values.get(f, ""), "") for f in fields if f in specs)
        return next((label for label in labels if label), "")

    @property
    def conclusion(self) -> str:
        """What it comes to, in the words of its form; empty: it has no such field."""
        return self.chosen("conclusion", "result", "grade")

    @property
    def worrying(self) -> bool:
        """Somebody should look after it."""
        return bool({"attention", "unfit", "rest", "recheck", "failed", "b"} & set(self.values.values()))

    def number_of(self, field: str) -> Fraction | None:
        return Fraction(self.values[field]) if self.values.get(field) else None

    def day_of(self, field: str) -> date | None:
        return date.fromisoformat(self.values[field]) if self.values.get(field) else None


def of_person(
    company_id: int,
    person_id: int,
    *,
    kinds: Collection[str] | None = None,
    but: Collection[str] = (),
    limit: int | None = None,
) -> list[Concerning]:
    """Those at which the person was away are left out. `but`: kinds of which there are too many."""
    rows = Participation.objects.filter(
        company=company_id, person=person_id, attendance="attended", record__status=SEALED
    )
    rows = _of(rows, kinds, but)
    rows = rows.order_by("-record__happened_at", "-record")
    names = [f"record__{name}" for name in _FIELDS]
    found: dict[int, Concerning] = {}
    own = ("role", "hours", "score", "result")
    for *values, role, hours, score, outcome in rows.values_list(*names, *own)[: limit and 2 * limit]:
        row = _row(values, hours, about=role in ABOUT, result=str(Result(plain(score), outcome)))
        if row.id not in found or row.about:
            found[row.id] = row
    return list(found.values())[:limit]


def of_people(
    company_id: int, people: Collection[int], *, kinds: Collection[str]
) -> dict[int, list[Concerning]]:
    """Person -> records about them, the newest first; one query for all of them."""
    rows = Participation.objects.filter(
        company=company_id, person__in=people, attendance="attended", role__in=ABOUT, record__status=SEALED
    )
    rows = _of(rows, kinds).order_by("-record__happened_at", "-record")
    found: dict[int, list[Concerning]] = defaultdict(list)
    for person, own, *values in rows.values_list("person", "hours", *(f"record__{n}" for n in _FIELDS)):
        found[person].append(_row(values, own))
    return found


def of_vehicle(
    company_id: int,
    vehicle_id: int,
    *,
    kinds: Collection[str] | None = None,
    but: Collection[str] = (),
    limit: int | None = None,
) -> list[Concerning]:
    rows = RecordSubject.objects.filter(
        company=company_id, subject_type="vehicle", subject=vehicle_id, record__status=SEALED
    )
    rows = _of(rows, kinds, but)
    names = [f"record__{name}" for name in _FIELDS]
    rows = rows.order_by("-record__happened_at", "-record")
    return [_row(values, None) for values in rows.values_list(*names)[:limit]]


def _of(rows: QuerySet[Any], kinds: Collection[str] | None, but: Collection[str] = ()) -> QuerySet[Any]:
    """Of these kinds, or of all that are not withheld from whoever reads the file."""
    if kinds is not None:
        return rows.filter(record__kind__in=kinds)
    return rows.exclude(record__kind__in=withheld() | set(but))


def _row(values: Iterable[Any], own: Any, *, about: bool = True, result: str = "") -> Concerning:
    key, kind, number, title, happened, hours, said, valid_until = values
    declared = lawbook().kinds.get(kind)
    lasted = own if own is not None else hours
    return Concerning(
        id=key,
        kind=kind,
        kind_name=declared.name if declared else kind,
        number=number or "",
        title=title,
        day=happened.astimezone(SHANGHAI).date(),
        happened_at=happened,
        values=said,
        valid_until=valid_until,
        hours=None if lasted is None else Fraction(lasted),
        about=about,
        result=result,
    )


def fitting(rows: Iterable[Concerning], wanted: Wanted) -> list[Concerning]:
    return [row for row in rows if row.about and row.kind == wanted.kind and wanted.takes(row.values)]


def newest_of(rows: Iterable[Concerning], wanted: Wanted) -> Concerning | None:
    known = {row.id: row for row in fitting(rows, wanted)}
    paper = newest([paper_of(row) for row in known.values()])
    return known[paper.fact] if paper else None


def paper_of(row: Concerning) -> Paper:
    return Paper(row.id, row.day, row.valid_until)
