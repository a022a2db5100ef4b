"""What changed in the law, in words: before it is applied, and then for those concerned. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q

from anze.records.acting.context import current
from anze.records.acting.permissions import may, require
from anze.records.duties import cases
from anze.records.duties.footing import (
    EditionVanished,
    applied_sets,
    book_of,
    companies_due,
    set_of,
)
from anze.records.duties.models import Acknowledgement, Application
from anze.records.duties.words import recording_in_words, rule_in_words, source_in_words
from anze.records.lawbook import EditionSet, editions_today, lawbook, off_shelf
from anze.records.people.queries import my_positions
from anze.rules.catalogue.model import Requirement, Term
from anze.rules.duties.amendments import Amendment, Effect, Sort, amendments

SORT_LABELS = {
    Sort.NEW: "新增",
    Sort.CHANGED: "调整",
    Sort.ABOLISHED: "废止",
    Sort.CORRECTED: "更正",
    Sort.REWORDED: "文字修改",
}
NOTHING = "（无此要求）"
ENDED = "（不再要求）"
RECORDING_TEXT = "补录期限：记录最迟何时封存才算及时"


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """One change of one demand. `since` None: from the application on. `was` … `found`: of a correction.

    `requirement`, `position`, `line_id` empty: of the recording limit, which concerns every post.
    """

    sort: str
    label: str
    requirement: str
    text: str
    position: str
    position_name: str
    line_id: str
    since: date | None
    old_rule: str
    new_rule: str
    cites: tuple[str, ...]
    was: str = ""
    why: str = ""
    found: str = ""
    source: str = ""  # 清单, 地方规定（宁波市）, 补录期限: which text held the error


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One application. `vanished`: why its changes cannot be shown; empty where they can."""

    id: int
    number: int
    applied_at: datetime
    rows: tuple[AmendmentRow, ...]
    effects: Mapping[str, Effect]
    read_at: datetime | None
    vanished: str = ""


@dataclass(frozen=True, slots=True)
class EditionState:
    """Of one company. `vanished`: editions that verdicts rest on and that the shelf has not."""

    due: bool
    vanished: tuple[str, ...]


def in_words(amendment: Amendment) -> AmendmentRow:
    requirement, misreading = amendment.requirement, amendment.misreading
    printed = requirement.cite if requirement else ()
    return AmendmentRow(
        sort=amendment.sort.value,
        label=SORT_LABELS[amendment.sort],
        requirement=requirement.id if requirement else "",
        text=requirement.text if requirement else RECORDING_TEXT,
        position=requirement.position if requirement else "",
        position_name=lawbook().positions[requirement.position].name if requirement else "各岗位",
        line_id=requirement.line if requirement else "",
        since=amendment.since,
        old_rule=_rule(amendment.old, NOTHING),
        new_rule=_rule(amendment.new, ENDED),
        cites=tuple(dict.fromkeys(str(c) for c in (*amendment.cite, *printed))),
        was=misreading.was if misreading is not None else "",
        why=misreading.why if misreading is not None else "",
        found=misreading.found if misreading is not None else "",
        source=source_in_words(amendment.file) if amendment.file else "",
    )


def applied(company_id: int) -> list[AppliedRow]:
    """Newest first. Who may not see the whole company sees what concerns the posts held."""
    require("see_own")
    seen = None if may(current().actor, "see_company") else frozenset(my_positions())
    trade, area = cases.trade_and_area(company_id)
    read = _read_by_me(company_id)
    effects = dict(Application.objects.filter(company_id=company_id).values_list("pk", "effects"))
    found = []
    for before, after in pairwise(applied_sets(company_id)):
        rows, vanished = _between(set_of(before), set_of(after), trade, area)
        rows = tuple(row for row in rows if seen is None or not row.position or row.position in seen)
        if rows or (vanished and seen is None):
            counted = {key: Effect(**numbers) for key, numbers in effects[after.pk].items()}
            found.append(
                AppliedRow(
                    after.pk, after.number, after.applied_at, rows, counted, read.get(after.pk), vanished
                )
            )
    return found[::-1]


def awaiting(company_id: int) -> tuple[AmendmentRow, ...]:
    """What the shelf holds and nobody has applied yet."""
    require("see_company")
    trade, area = cases.trade_and_area(company_id)
    sets = [set_of(row) for row in applied_sets(company_id)]
    today = editions_today(trade, area)
    return _between(sets[-1], today, trade, area)[0] if sets and sets[-1] != today else ()


def unread(company_id: int, positions: Sequence[str]) -> list[tuple[int, datetime]]:
    """Applications (id, instant) that concern the acting person and are not read, newest first. One query."""
    person = current().actor.person
    mine = Acknowledgement.objects.filter(application=OuterRef("pk"), person=person)
    concerned = ~Q(positions=[])
    if not may(current().actor, "see_company"):
        concerned = Q(positions__overlap=list(positions))
    rows = Application.objects.filter(concerned, ~Exists(mine), company_id=company_id, number__gt=1)
    return list(rows.order_by("-number").values_list("pk", "applied_at"))


def edition_state(company_id: int) -> EditionState:
    require("see_health")
    sets = [set_of(row) for row in applied_sets(company_id)]
    gone = off_shelf(edition for editions in sets for _, edition in editions)
    if gone:
        return EditionState(False, gone)
    return EditionState(company_id in companies_due(), ())


def _between(
    before: EditionSet, after: EditionSet, trade: str, area: str
) -> tuple[tuple[AmendmentRow, ...], str]:
    try:
        old, new = book_of(before, trade, area), book_of(after, trade, area)
    except EditionVanished as vanished:
        return (), str(vanished)
    return tuple(in_words(a) for a in amendments(old, new)), ""


def _rule(reading: tuple[Requirement | None, Term | None] | None, otherwise: str) -> str:
    if reading is None:
        return otherwise
    requirement, term = reading
    return rule_in_words(requirement, term) if requirement else recording_in_words(term)


def _read_by_me(company_id: int) -> dict[int, datetime]:
    rows = Acknowledgement.objects.filter(company_id=company_id, person=current().actor.person)
    return dict(rows.values_list("application_id", "read_at"))
