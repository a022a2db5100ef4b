"""分管范围: which leader is responsible for which unit, and who is whose superior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import Row, append, digest_of
from anze.records.people.leading import name_of
from anze.records.people.models import Holding, Person, Remit
from anze.records.people.queries import PersonRow, row_of
from anze.records.tenants.models import Unit
from anze.rules import posts
from anze.rules.remits import in_charge, spread


class UnitTaken(Refused):
    """Another leader is in charge of the unit on some of these days."""


@dataclass(frozen=True, slots=True)
class RemitRow:
    id: int
    holding_id: int
    person_id: int
    person_name: str
    position: str
    position_name: str
    unit_id: int
    unit_name: str
    since: date
    until: date | None


def put_in_charge(*, holding_id: int, unit_id: int, since: date, until: date | None = None) -> str:
    """The position whose remit changed. One leader for a unit and day. Raises UnitTaken."""
    require("manage_people")
    holding = Holding.objects.select_related("person").filter(pk=holding_id).first()
    unit = Unit.objects.filter(pk=unit_id).first()
    if holding is None or unit is None:
        raise NotFound("没有这条任职或这个机构。")
    end = _check(holding, unit, since, until)
    if taken := _overlapping(unit_id, since, end):
        raise _unit_taken(taken)
    row = Remit(company_id=holding.company_id, holding=holding, unit=unit, since=since, until=end)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if taken := _overlapping(unit_id, since, end):
            raise _unit_taken(taken) from None
        raise
    append(action="people.put_in_charge", rows=[_row(row)], company_id=row.company_id)
    return holding.position


def end_remit(*, remit_id: int, until: date) -> str:
    """`until`: the first day on which the leader is no longer in charge. The position whose remit changed."""
    require("manage_people")
    row = Remit.objects.select_for_update().filter(pk=remit_id).first()
    if row is None:
        raise NotFound("没有这条分管记录。")
    if until <= row.since:
        raise Refused(f"结束日期应晚于开始日期 {row.since}。")
    if row.until is not None and row.until <= until:
        raise Refused(f"这条分管已于 {row.until} 结束。")
    row.until = until
    row.save()
    append(action="people.end_remit", rows=[_row(row)], company_id=row.company_id)
    return Holding.objects.get(pk=row.holding_id).position


def end_remits_of(*, unit_id: int, until: date) -> None:
    """A unit that is closed is in nobody's charge any more."""
    require("manage_people")
    for row in Remit.objects.filter(Q(until=None) | Q(until__gt=until), unit=unit_id):
        if row.since < until:
            end_remit(remit_id=row.pk, until=until)
            continue
        gone = _row(row)
        row.delete()
        append(action="people.end_remit", rows=[gone], company_id=row.company_id)


def remits(
    *, company_id: int | None = None, person_id: int | None = None, on: date | None = None
) -> list[RemitRow]:
    """As entered, by unit and day; all periods unless a day is named."""
    rows = Remit.objects.select_related("holding__person", "unit").order_by("unit", "since", "pk")
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if person_id is not None:
        rows = rows.filter(holding__person=person_id)
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return [_remit_row(row) for row in rows]


def leaders(company_id: int, on: date) -> dict[int, RemitRow]:
    """Unit id -> who is in charge of it on a day, by its own remit or by that of a unit above."""
    own = {row.unit_id: row for row in remits(company_id=company_id, on=on)}
    parents = dict(Unit.objects.filter(company=company_id).values_list("pk", "parent_id"))
    found: dict[int, RemitRow] = {}
    for unit in parents:
        above: int | None = unit
        seen: set[int] = set()
        while above is not None and above not in own and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above in own:
            found[unit] = own[above]
    return found


def superior_of(asked: PersonRow, on: date) -> PersonRow | None:
    """The leader in charge of the person's unit, else the principal; None for whoever has nobody above.

    A leader is not the superior of themselves: then the unit above is asked.
    """
    parents = dict(Unit.objects.filter(company=asked.company_id).values_list("pk", "parent_id"))
    charge = _in_charge(asked.company_id, on, parents)
    unit, wanted = asked.unit_id, []
    while unit is not None:
        if unit in charge and charge[unit] not in wanted:
            wanted.append(charge[unit])
        unit = parents.get(unit)
    principals = _principals(asked.company_id, on)
    if asked.id in (person.pk for person in principals):
        return None
    held = Holding.objects.filter(pk__in=wanted).select_related("person") if wanted else ()
    above = {holding.pk: holding.person for holding in held}
    candidates = [above[holding] for holding in wanted] + principals
    return next((row_of(each) for each in candidates if each.pk != asked.id), None)


def _in_charge(company_id: int, on: date, parents: Mapping[int, int | None]) -> dict[int, int]:
    """Unit id -> holding id."""
    rows = Remit.objects.filter(Q(until=None) | Q(until__gt=on), company=company_id, since__lte=on)
    known = [
        posts.Remit(holding, unit, posts.Span(since, until))
        for holding, unit, since, until in rows.values_list("holding_id", "unit_id", "since", "until")
    ]
    wide = spread(known, parents)
    return {unit: holding for unit in parents if (holding := in_charge(unit, on, wide)) is not None}


def _principals(company_id: int, on: date) -> list[Person]:
    rows = Holding.objects.filter(
        Q(until=None) | Q(until__gt=on),
        company=company_id,
        since__lte=on,
        position__endswith=".principal",
    )
    return [holding.person for holding in rows.select_related("person").order_by("since", "pk")]


def _check(holding: Holding, unit: Unit, since: date, until: date | None) -> date | None:
    """The end: that of the holding at the latest."""
    end = until if holding.until is None else min(filter(None, (until, holding.until)))
    if end is not None and end <= since:
        raise Refused("结束日期应晚于开始日期，且不晚于离任日期。")
    if since < holding.since:
        raise Refused(f"{holding.person.name} 自 {holding.since} 起任职，分管不能早于这一天。")
    if since < unit.since or (unit.until is not None and (end is None or end > unit.until)):
        raise Refused(f"“{unit.name}”在这段时间不全存在，请核对起止日期。")
    return end


def _overlapping(unit_id: int, since: date, until: date | None) -> Remit | None:
    rows = Remit.objects.filter(Q(until=None) | Q(until__gt=since), unit=unit_id)
    if until is not None:
        rows = rows.filter(since__lt=until)
    return rows.select_related("holding__person", "unit").order_by("since").first()


def _unit_taken(taken: Remit) -> UnitTaken:
    return UnitTaken(
        f"“{taken.unit.name}”自 {taken.since} 起由 {taken.holding.person.name} 分管，"
        "一个机构同一时间只能由一名领导分管。请先结束原来的分管，或调整日期。"
    )


def _row(row: Remit) -> Row:
    content = [row.holding_id, row.unit_id, str(row.since), str(row.until)]
    return "people.remit", row.pk, digest_of(content)


def _remit_row(row: Remit) -> RemitRow:
    return RemitRow(
        id=row.pk,
        holding_id=row.holding_id,
        person_id=row.holding.person_id,
        person_name=row.holding.person.name,
        position=row.holding.position,
        position_name=name_of(row.holding.position),
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        since=row.since,
        until=row.until,
    )
