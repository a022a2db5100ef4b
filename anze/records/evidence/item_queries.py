"""Reading what must be followed up: of a company, a person or a record, and for a form that settles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.paging import PAGE_SIZE, Page, paged
from anze.records.acting.permissions import may, require
from anze.records.evidence.models import Item, Record
from anze.records.lawbook import lawbook
from anze.rules.items import ItemState, overdue

LABELS = {
    ItemState.OPEN: "待落实",
    ItemState.OVERDUE: "已超期",
    ItemState.DONE: "已完成",
    ItemState.CANCELLED: "已取消",
}
SETTLED = (ItemState.DONE, ItemState.CANCELLED)
FILTERS = {"unsettled": "待落实（含超期）", "overdue": "已超期", "settled": "已了结", "all": "全部"}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`settling`: ids of the kinds of record that can settle it. `settled_by`: the last that spoke of it."""

    origin: int
    field: str
    key: str
    company_id: int
    record_id: int
    record_number: str
    record_title: str
    kind: str
    kind_name: str
    what: str
    who_id: int | None
    who_name: str
    due: date | None
    first_due: date | None
    state: ItemState
    label: str
    remark: str
    postponed: int
    settled_by: int | None
    settled_number: str
    settling: tuple[str, ...]

    @property
    def reference(self) -> str:
        return f"{self.origin}.{self.field}.{self.key}"

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


def items(
    *,
    standing: str = "unsettled",
    who: int | None = None,
    kind: str | None = None,
    search: str = "",
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> Page[ItemRow]:
    """Of the whole company, or the actor's own. `standing`: unsettled, overdue, settled or all."""
    rows = _in_scope().filter(_standing(standing))
    if who is not None:
        rows = rows.filter(who=who)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if text := search.strip().replace("\x00", ""):
        rows = rows.filter(Q(what__contains=text) | Q(name__contains=text) | Q(record__number=text.upper()))
    return paged(_ordered(rows), page, _rows, page_size)


def counts() -> dict[str, int]:
    """How many the actor may see: unsettled, of these overdue, settled."""
    rows = _in_scope()
    return {name: rows.filter(_standing(name)).count() for name in ("unsettled", "overdue", "settled")}


def mine() -> list[ItemRow]:
    """What the acting person has to do, what is due first in front."""
    person = current().actor.person
    if person is None:
        return []
    return _rows(list(_ordered(_known().filter(who=person, state=ItemState.OPEN))))


def items_of(record_id: int) -> list[ItemRow]:
    """Of a record that the caller was shown; a record that no longer stands has none."""
    return _rows(list(_known().filter(record=record_id).order_by("field", "place")))


def settleable(kind_id: str, *, record_id: int | None = None, also: Sequence[str] = ()) -> list[ItemRow]:
    """Open items that a record of the kind can settle, but not its own; and those already named in it."""
    kind = lawbook().kinds.get(kind_id)
    if kind is None or not kind.settles:
        return []
    rows = _known().filter(kind__in=kind.settles)
    if len(current().writes) == 1:
        rows = rows.filter(company=current().writes[0])
    own = _revisions(record_id)
    named = {reference.split(".")[0] for reference in also}
    rows = rows.filter(Q(state=ItemState.OPEN) | Q(origin__in=[int(o) for o in named if o.isdecimal()]))
    found = _rows(list(_ordered(rows.exclude(origin__in=own))))
    return [row for row in found if not row.settled or row.reference in also]


def owners() -> dict[int, str]:
    """Whoever has an item that the actor may see."""
    rows = _in_scope().exclude(who=None).values_list("who", "who__name", "who__pinyin")
    return {key: name for key, name, _ in sorted(set(rows), key=lambda row: row[2])}


def kinds_in_use() -> dict[str, str]:
    found = _in_scope().order_by().values_list("kind", flat=True).distinct()
    return {key: _kind_name(key) for key in sorted(found)}


def _revisions(record_id: int | None) -> list[int]:
    found = []
    while record_id is not None:
        found.append(record_id)
        record_id = Record.objects.filter(pk=record_id).values_list("revises", flat=True).first()
    return found


def _known() -> QuerySet[Item]:
    return Item.objects.select_related("record", "who", "settled_by")


def _in_scope() -> QuerySet[Item]:
    actor = current().actor
    if may(actor, "see_company"):
        return _known()
    require("see_own")
    return _known().filter(who=actor.person)


def _standing(name: str) -> Q:
    unsettled = Q(state=ItemState.OPEN)
    if name == "overdue":
        return unsettled & Q(due__lt=current().today)
    return {"unsettled": unsettled, "settled": Q(state__in=SETTLED)}.get(name, Q())


def _ordered(rows: QuerySet[Item]) -> QuerySet[Item]:
    return rows.order_by(F("due").asc(nulls_last=True), "record_id", "field", "place")


def _rows(found: Sequence[Item]) -> list[ItemRow]:
    settling: dict[str, tuple[str, ...]] = {}
    for kind in lawbook().kinds.values():
        for settled in kind.settles:
            settling[settled] = (*settling.get(settled, ()), kind.id)
    return [_row(item, settling.get(item.kind, ())) for item in found]


def _row(item: Item, settling: tuple[str, ...]) -> ItemRow:
    state = ItemState(item.state)
    if state is ItemState.OPEN and overdue(item.due, current().at):
        state = ItemState.OVERDUE
    return ItemRow(
        origin=item.origin,
        field=item.field,
        key=item.key,
        company_id=item.company_id,
        record_id=item.record_id,
        record_number=item.record.number or "",
        record_title=item.record.title,
        kind=item.kind,
        kind_name=_kind_name(item.kind),
        what=item.what,
        who_id=item.who_id,
        who_name=item.who.name if item.who else item.name,
        due=item.due,
        first_due=item.first_due,
        state=state,
        label=LABELS[state],
        remark=item.remark,
        postponed=item.postponed,
        settled_by=item.settled_by_id,
        settled_number=(item.settled_by.number or "") if item.settled_by else "",
        settling=settling,
    )


def _kind_name(kind_id: str) -> str:
    kind = lawbook().kinds.get(kind_id)
    return kind.name if kind else kind_id
