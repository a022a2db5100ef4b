"""Catching up (补课): who was not at a session, and who of them has been at one held for that since.

Rule 1: the list is read, never kept: missing at a sealed session, and at no sealed one that catches it up.
Rule 2: a session to catch up is a record of the same kind. Its hours count like any others; where the period
of the first has ended, it makes up for that period.
Rule 3: who is missing there again still stands on the list of the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.demands import queries as demands
from anze.records.evidence.access import NO_RECORD, require_own, seen, visible
from anze.records.evidence.actions import draft_record
from anze.records.evidence.drafts import Draft, PartInput
from anze.records.evidence.models import Participation, Record
from anze.records.evidence.rows import ATTENDANCE_LABELS
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import EvidenceKind, Role
from anze.rules.periods import period_of

TRAINING = "training."
LOOKED_BACK = timedelta(days=400)
MOST_LISTED = 1000
LONGEST_TITLE = 120
COPIED = frozenset({"text", "longtext", "choice"})
RESULTS = frozenset({"exam", "scores", "result"})
ATTENDED = "attended"


class NothingToCatchUp(Refused):
    """Everybody was there, or has caught up, or a draft for them is open."""


@dataclass(frozen=True, slots=True)
class CatchUpRow:
    """Somebody missing at a session. `by`: where they caught up, or the draft in which they stand."""

    record_id: int
    record_number: str
    record_title: str
    kind: str
    happened_at: datetime
    person_id: int
    name: str
    attendance_label: str
    by: int | None
    by_number: str  # empty: a draft

    @property
    def settled(self) -> bool:
        return bool(self.by_number)


def catch_up_of(record_id: int) -> list[CatchUpRow]:
    """Of a sealed session that may be read, by name; of one that is itself held to catch up, nobody.

    Raises NotFound out of scope.
    """
    record = Record.objects.filter(pk=record_id).first()
    if record is None:
        raise NotFound(NO_RECORD)
    if record.status != Record.Status.SEALED or record.catches_up_id is not None:
        return []
    return _rows(Participation.objects.filter(record=record))


def waiting(company_id: int) -> list[CatchUpRow]:
    """Everybody who has not caught up at the company's training of the last 400 days, the newest first."""
    require("see_company")
    sessions = visible().filter(
        company=company_id,
        kind__startswith=TRAINING,
        status=Record.Status.SEALED,
        catches_up=None,
        happened_at__gte=current().at - LOOKED_BACK,
    )
    rows = [row for row in _rows(Participation.objects.filter(record__in=sessions)) if not row.settled]
    return sorted(rows, key=lambda row: row.happened_at, reverse=True)


def open_catch_up(*, record_id: int) -> int:
    """The draft of a session for those who have not caught up: never with dates, hours, results, signatures.

    Raises NotFound, NotPermitted, NothingToCatchUp.
    """
    require("draft_record")
    record = seen(record_id)
    require_own(record)
    kind = lawbook().kinds.get(record.kind)
    missing = [row.person_id for row in catch_up_of(record_id) if row.by is None]
    if kind is None or not missing:
        raise NothingToCatchUp("没有待补课的人员，或补课草稿已经建立。")
    draft = Draft(
        kind=record.kind,
        title=f"补课：{record.title}"[:LONGEST_TITLE],
        happened_at=current().at,
        values=_copied(kind, record.values),
        parts=[*_leader(kind), *(PartInput(person, _role(kind)) for person in missing)],
        makes_up=_missed_period(record),
        catches_up=_firsts([record.company_id]).get(record.pk, record.pk),
    )
    return draft_record(draft=draft, company_id=record.company_id)


def _rows(parts: QuerySet[Participation]) -> list[CatchUpRow]:
    away = parts.exclude(attendance=ATTENDED).select_related("record", "person")
    found = list(away.order_by("person__pinyin", "person", "record")[:MOST_LISTED])
    if not found:
        return []
    firsts = _firsts({part.company_id for part in found})
    held = _held({part.person_id for part in found}, firsts)
    known = {(part.record_id, part.person_id): part for part in found}
    return [
        _row(part, held.get((firsts.get(record, record), person))) for (record, person), part in known.items()
    ]


def _held(people: Iterable[int], firsts: dict[int, int]) -> dict[tuple[int, int], Record]:
    """(first session, person) -> where they caught up; a draft where they have not yet."""
    rows = Participation.objects.filter(
        person__in=people, record__status__in=(Record.Status.DRAFT, Record.Status.SEALED)
    ).exclude(record__catches_up=None)
    found: dict[tuple[int, int], Record] = {}
    for part in rows.select_related("record").order_by("record"):
        session, sealed = part.record.catches_up_id, part.record.status == Record.Status.SEALED
        assert session is not None
        key = (firsts.get(session, session), part.person_id)
        if sealed and part.attendance == ATTENDED:
            found[key] = part.record
        elif not sealed:
            found.setdefault(key, part.record)
    return found


def _firsts(company_ids: Iterable[int]) -> dict[int, int]:
    """A revision -> the first of the records that it revises."""
    rows = (
        Record.objects.filter(company__in=company_ids)
        .exclude(revises=None)
        .order_by("pk")
        .only("pk", "revises")
    )
    found: dict[int, int] = {}
    for record in rows:
        assert record.revises_id is not None
        found[record.pk] = found.get(record.revises_id, record.revises_id)
    return found


def _row(part: Participation, by: Record | None) -> CatchUpRow:
    record = part.record
    return CatchUpRow(
        record_id=record.pk,
        record_number=record.number or "",
        record_title=record.title,
        kind=record.kind,
        happened_at=record.happened_at,
        person_id=part.person_id,
        name=part.person.name,
        attendance_label=ATTENDANCE_LABELS.get(part.attendance, part.attendance),
        by=by.pk if by else None,
        by_number=(by.number or "") if by else "",
    )


def _copied(kind: EvidenceKind, values: dict[str, str]) -> dict[str, str]:
    wanted = {spec.id for spec in kind.fields if spec.type in COPIED} - RESULTS
    return {name: value for name, value in values.items() if name in wanted}


def _role(kind: EvidenceKind) -> str:
    return str(Role.PARTICIPANT if Role.PARTICIPANT in kind.roles else list(kind.roles)[-1])


def _leader(kind: EvidenceKind) -> list[PartInput]:
    me, first = current().actor.person, str(next(iter(kind.roles)))
    return [PartInput(me, first)] if me is not None and first != _role(kind) else []


def _missed_period(record: Record) -> date | None:
    """First day of the shortest period in which the kind is asked, where it has ended since."""
    day = record.happened_at.astimezone(SHANGHAI).date()
    every = {
        term.every
        for position in demands.positions(record.company_id)
        for requirement in position.requirements
        if any(proof.kind == record.kind for proof in requirement.proofs)
        for term in requirement.terms
        if term.every is not None
    }
    shortest = max((period_of(each, day) for each in every), key=lambda period: period.since, default=None)
    return shortest.since if shortest is not None and shortest.until <= current().today else None
