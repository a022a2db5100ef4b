"""Hand-over sheets with who has signed, and what has not been handed over (未交接)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound
from anze.records.acting.paging import Page, paged
from anze.records.acting.permissions import may, require
from anze.records.handovers.content import Entry, entries_of
from anze.records.handovers.models import Handover, HandoverSignature
from anze.records.people.leading import name_of
from anze.records.people.models import Holding
from anze.rules.handovers import HandoverSheet, SheetPart, laid_out, may_sign, missing

Signed = list[tuple[SheetPart, int]]


@dataclass(frozen=True, slots=True)
class SignedRow:
    part: SheetPart
    person_name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class HandoverRow:
    id: int
    company_id: int
    holding_id: int
    drawn_at: datetime
    sheet: HandoverSheet
    done: bool


@dataclass(frozen=True, slots=True)
class HandoverDetail:
    """`waiting`: part and name of those who have not signed; `mine`: what the actor is to sign now.

    `newest_id`: the sheet of the holding that counts.
    """

    row: HandoverRow
    digest: str
    signed: tuple[SignedRow, ...]
    waiting: tuple[tuple[SheetPart, str], ...]
    mine: SheetPart | None
    newest_id: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A post that was left with open duties. `handover_id`: a sheet that waits for signatures."""

    holding_id: int
    person_id: int
    person_name: str
    position_name: str
    until: date
    left_open: int
    handover_id: int | None


def entries(holding_id: int) -> list[Entry]:
    """What a sheet of this holding would list now."""
    require("manage_people")
    holding = Holding.objects.filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    return entries_of(holding)


def handover(handover_id: int) -> HandoverDetail:
    """For those named in it and those who see the whole company. Raises NotFound."""
    found = Handover.objects.filter(pk=handover_id).first()
    actor = current().actor
    if found is None or not (may(actor, "see_company") or _named(laid_out(found.text), actor.person)):
        raise NotFound("没有这份交接单。")
    kept = list(found.signatures.select_related("person").order_by("signed_at", "pk"))
    signed = [(SheetPart(each.part), each.person_id) for each in kept]
    row = _row(found, signed)
    newest = Handover.objects.filter(holding=found.holding_id).order_by("-pk").values_list("pk", flat=True)[0]
    names = {row.sheet.leaver: row.sheet.leaver_name, **dict(row.sheet.receivers)}
    mine = None
    if newest == found.pk and actor.person is not None:
        mine = may_sign(row.sheet, signed, actor.person, confirms=may(actor, "manage_people"))
    return HandoverDetail(
        row=row,
        digest=found.digest,
        signed=tuple(SignedRow(SheetPart(e.part), e.person.name, e.signed_at) for e in kept),
        waiting=tuple((part, names[who] if who else "") for part, who in missing(row.sheet, signed)),
        mine=mine,
        newest_id=newest,
    )


def handovers(page: int) -> Page[HandoverRow]:
    """The newest sheet of each post that was left or is to be left, the latest first."""
    require("see_company")
    newest = Handover.objects.order_by("holding", "-pk").distinct("holding").values("pk")
    rows = Handover.objects.filter(pk__in=newest).order_by("-pk")
    return paged(rows, page, lambda found: [row for row, _ in _with_signatures(found)])


def handovers_of(person_id: int) -> list[HandoverRow]:
    """The newest sheet of each post of a person, newest first."""
    require("see_company")
    rows = _with_signatures(_newest(person_id=person_id))
    return sorted((row for row, _ in rows), key=lambda row: -row.id)


def waiting_for_me() -> list[HandoverRow]:
    """Sheets that wait for the acting person's hand."""
    actor = current().actor
    if actor.person is None or not may(actor, "see_own"):
        return []
    confirms = may(actor, "manage_people")
    return [
        row
        for row, signed in _with_signatures(_newest())
        if may_sign(row.sheet, signed, actor.person, confirms=confirms)
    ]


def pending(company_id: int) -> list[Pending]:
    """Posts left with open duties without a finished sheet: 未交接. The latest first."""
    rows = Holding.objects.filter(company=company_id, left_open__gt=0, until__lte=current().today)
    left = list(rows.select_related("person").order_by("-until", "pk"))
    if not left:
        return []
    sheets = {row.holding_id: row for row, _ in _with_signatures(_newest())}
    return [
        Pending(
            holding_id=holding.pk,
            person_id=holding.person_id,
            person_name=holding.person.name,
            position_name=name_of(holding.position),
            until=holding.until,
            left_open=holding.left_open,
            handover_id=sheets[holding.pk].id if holding.pk in sheets else None,
        )
        for holding in left
        if holding.until is not None and not (holding.pk in sheets and sheets[holding.pk].done)
    ]


def _newest(person_id: int | None = None) -> Iterable[Handover]:
    rows = Handover.objects.order_by("holding", "-pk").distinct("holding")
    return rows if person_id is None else rows.filter(holding__person=person_id)


def _with_signatures(found: Iterable[Handover]) -> list[tuple[HandoverRow, Signed]]:
    """Two queries, however many."""
    sheets = list(found)
    signed: dict[int, Signed] = {}
    kept = HandoverSignature.objects.filter(handover__in=[each.pk for each in sheets]) if sheets else ()
    for each in kept:
        signed.setdefault(each.handover_id, []).append((SheetPart(each.part), each.person_id))
    return [(_row(each, signed.get(each.pk, [])), signed.get(each.pk, [])) for each in sheets]


def _row(found: Handover, signed: Signed) -> HandoverRow:
    sheet = laid_out(found.text)
    return HandoverRow(
        id=found.pk,
        company_id=found.company_id,
        holding_id=found.holding_id,
        drawn_at=found.drawn_at,
        sheet=sheet,
        done=not missing(sheet, signed),
    )


def _named(sheet: HandoverSheet, person: int | None) -> bool:
    return person == sheet.leaver or any(person == key for key, _ in sheet.receivers)
