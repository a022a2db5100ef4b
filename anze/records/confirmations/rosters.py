"""值班表: who is on duty in a month, by sealed rosters, swaps agreed by both, and the logs of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anze.records.acting.context import SHANGHAI
from anze.records.acting.permissions import require
from anze.records.confirmations.models import Confirmation
from anze.records.evidence.access import visible
from anze.records.evidence.models import Participation, Record
from anze.records.evidence.tables import items_in
from anze.records.people.models import Person
from anze.rules.periods import Period, midnight
from anze.rules.rosters import Shift, Swap, on_duty

ROSTER, SWAP, LOG = "duty.roster", "duty.swap", "duty.log"


@dataclass(frozen=True, slots=True)
class LogRow:
    id: int
    title: str
    number: str


@dataclass(frozen=True, slots=True)
class Rosters:
    """`names`: person -> name; `logs`: day -> logs of it that the reader may see."""

    shifts: tuple[Shift, ...]
    names: Mapping[int, str]
    logs: Mapping[date, tuple[LogRow, ...]]


def rosters_of(company_id: int, period: Period) -> Rosters:
    """For everybody of the company: a roster hangs on the wall."""
    require("see_own")
    shifts = on_duty(_shifts(company_id, period), _swaps(company_id))
    people = {key for shift in shifts for key in (shift.person, shift.before) if key is not None}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    return Rosters(tuple(shifts), names, _logs(company_id, period))


def _shifts(company_id: int, period: Period) -> list[Shift]:
    found = []
    rows = Record.objects.filter(company=company_id, kind=ROSTER, status=Record.Status.SEALED)
    for record in rows.filter(values__has_key="shifts"):
        assert record.received_at is not None
        for row in items_in(record.values["shifts"]):
            if row.due is not None and period.since <= row.due < period.until:
                told = (row.more.get("leader", ""), row.more.get("phone", ""))
                found.append(Shift(row.due, row.what, row.who, *told, record.pk, record.received_at))
    return found


def _swaps(company_id: int) -> list[Swap]:
    records = list(Record.objects.filter(company=company_id, kind=SWAP, status=Record.Status.SEALED))
    if not records:
        return []
    parts: dict[int, dict[str, int]] = defaultdict(dict)
    for part in Participation.objects.filter(record__in=records, role__in=("subject", "participant")):
        parts[part.record_id][part.role] = part.person_id
    waiting = Confirmation.objects.filter(record__in=records, confirmed_at=None)
    open_ones = set(waiting.values_list("record", flat=True))
    return [
        _swap(record, parts[record.pk], agreed=record.pk not in open_ones)
        for record in records
        if len(parts[record.pk]) == 2
    ]


def _swap(record: Record, parts: Mapping[str, int], *, agreed: bool) -> Swap:
    values = record.values
    assert record.received_at is not None
    back = None
    if values.get("other_day"):
        back = (date.fromisoformat(values["other_day"]), values.get("other_shift") or values["shift"])
    return Swap(
        record.pk,
        record.received_at,
        parts["subject"],
        parts["participant"],
        date.fromisoformat(values["day"]),
        values["shift"],
        back,
        agreed,
    )


def _logs(company_id: int, period: Period) -> dict[date, tuple[LogRow, ...]]:
    rows = visible().filter(company=company_id, kind=LOG, status=Record.Status.SEALED)
    rows = rows.filter(happened_at__gte=midnight(period.since), happened_at__lt=midnight(period.until))
    found: dict[date, list[LogRow]] = defaultdict(list)
    for record in rows.order_by("happened_at", "pk"):
        day = record.happened_at.astimezone(SHANGHAI).date()
        found[day].append(LogRow(record.pk, record.title, record.number or ""))
    return {day: tuple(logs) for day, logs in found.items()}
