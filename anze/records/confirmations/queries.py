"""Who has confirmed a record and who has not; what the acting person still has to confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from anze.records.acting.context import current
from anze.records.confirmations.models import Confirmation
from anze.records.evidence.models import Record
from anze.records.lawbook import lawbook

METHODS = {"account": "本人账号", "link": "本人一次性链接"}


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """`confirmed_at` None: not yet."""

    record_id: int
    person_id: int
    person_name: str
    act: str
    digest: str
    asked_at: datetime
    confirmed_at: datetime | None
    method: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that the acting person has to confirm."""

    record_id: int
    title: str
    number: str
    kind_name: str
    act: str
    asked_at: datetime


def confirmations_of(record_id: int) -> list[ConfirmationRow]:
    """Of a record that the caller was shown; who has not confirmed comes first."""
    rows = Confirmation.objects.filter(record=record_id).select_related("person")
    ordered = rows.order_by("confirmed_at", "person__pinyin")
    return sorted(map(_row, ordered), key=lambda row: row.confirmed_at is not None)


def own(record_id: int) -> ConfirmationRow | None:
    """The acting person's, of a record that stands; None where they are not asked."""
    person = current().actor.person
    row = _standing().filter(record=record_id, person=person).select_related("person").first()
    return _row(row) if row is not None and person is not None else None


def mine() -> list[Waiting]:
    person = current().actor.person
    if person is None:
        return []
    rows = _standing().filter(person=person, confirmed_at=None).select_related("record")
    return [
        Waiting(
            row.record_id,
            row.record.title,
            row.record.number or "",
            _kind_name(row.record.kind),
            row.act,
            row.asked_at,
        )
        for row in rows.order_by("asked_at", "pk")
    ]


def waiting_people(record_id: int) -> list[int]:
    rows = _standing().filter(record=record_id, confirmed_at=None)
    return list(rows.order_by("person__pinyin").values_list("person", flat=True))


def waiting_counts(record_ids: Iterable[int]) -> dict[int, int]:
    """Record -> how many have not confirmed it; where all have, it is absent."""
    rows = _standing().filter(record__in=list(record_ids), confirmed_at=None)
    return dict(rows.order_by().values_list("record").annotate(count=Count("pk")))


def _standing() -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(record__status=Record.Status.SEALED)


def _row(found: Confirmation) -> ConfirmationRow:
    return ConfirmationRow(
        found.record_id,
        found.person_id,
        found.person.name,
        found.act,
        found.digest,
        found.asked_at,
        found.confirmed_at,
        METHODS.get(found.method, ""),
    )


def _kind_name(kind_id: str) -> str:
    kind = lawbook().kinds.get(kind_id)
    return kind.name if kind else kind_id
