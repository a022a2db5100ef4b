"""Keeping the items and settlements of sealed records equal to what the records say.

Rule 1: made anew from the records at each sealing and voiding, in its transaction; so a void settlement opens
its item again, and a revision takes its items over under their keys.
Rule 2: an item is named by the first of the revisions that hold it, its field and its key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from anze.records.acting.context import current
from anze.records.evidence.models import Item, Record, Settlement
from anze.records.evidence.tables import ItemInput, items_in, settlements_in
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import FOLLOW_UP
from anze.rules.items import ItemState, Result, item_standing
from anze.rules.items import Settlement as Said


def project(records: Sequence[Record]) -> None:
    """Of records that were just sealed, superseded or voided. However many there are, the same statements."""
    ids = [record.pk for record in records if _concerned(record)]
    if not ids:
        return
    rows = list(Record.objects.filter(pk__in=ids).order_by("pk"))
    origins: dict[int, set[int]] = defaultdict(set)  # company -> origins of items
    for record in rows:
        if _fields(record):
            origins[record.company_id].add(_origin(record))
    for record, spoken_of in _keep_settlements(rows):
        origins[record.company_id] |= spoken_of
    for company_id, found in sorted(origins.items()):
        _keep_items(sorted(found), company_id)


def _concerned(record: Record) -> bool:
    return bool(_fields(record)) or bool(record.values.get(FOLLOW_UP.id))


def _fields(record: Record) -> list[str]:
    """Fields whose items somebody may settle: others are tables and nothing more."""
    kind = lawbook().kinds.get(record.kind)
    if kind is None or record.kind not in followed_kinds():
        return []
    return [spec.id for spec in kind.fields if spec.type == "items" and record.values.get(spec.id)]


def followed_kinds() -> frozenset[str]:
    return frozenset(settled for kind in lawbook().kinds.values() for settled in kind.settles)


def _origin(record: Record) -> int:
    while record.revises_id is not None:
        record = Record.objects.get(pk=record.revises_id)
    return record.pk


def _keep_settlements(records: Sequence[Record]) -> list[tuple[Record, set[int]]]:
    """Each record with the origins of what it speaks of."""
    said = [(record, settlements_in(record.values.get(FOLLOW_UP.id, ""))) for record in records]
    Settlement.objects.filter(record__in=records).delete()
    Settlement.objects.bulk_create(
        Settlement(
            company_id=record.company_id,
            record=record,
            origin=row.record,
            field=row.field,
            key=row.key,
            result=str(row.result),
            remark=row.remark,
            due=row.due,
        )
        for record, rows in said
        if record.status == Record.Status.SEALED
        for row in rows
    )
    return [(record, {row.record for row in rows}) for record, rows in said]


def _keep_items(origins: Sequence[int], company_id: int) -> None:
    Item.objects.filter(company=company_id, origin__in=origins).delete()
    said: dict[tuple[int, str, str], list[Settlement]] = defaultdict(list)
    settled = Settlement.objects.filter(company=company_id, origin__in=origins)
    for settlement in settled.select_related("record"):
        said[settlement.origin, settlement.field, settlement.key].append(settlement)
    first = Record.objects.in_bulk(origins)
    standing = ((origin, _standing_revision(first[origin])) for origin in origins)
    Item.objects.bulk_create(
        _item(record, origin, name, place, row, said[origin, name, row.key])
        for origin, record in standing
        if record is not None
        for name in _fields(record)
        for place, row in enumerate(items_in(record.values[name]), start=1)
    )


def _standing_revision(first: Record) -> Record | None:
    record: Record | None = first
    while record is not None and record.status == Record.Status.SUPERSEDED:
        record = Record.objects.filter(revises=record).first()
    return record if record is not None and record.status == Record.Status.SEALED else None


def _item(
    record: Record, origin: int, field: str, place: int, row: ItemInput, said: Iterable[Settlement]
) -> Item:
    assert record.received_at is not None
    known = {s.record_id: s for s in said}
    at = current().at
    standing = item_standing(record.received_at, row.due, [_said(s) for s in known.values()], at)
    last = known.get(standing.because or 0)
    return Item(
        company_id=record.company_id,
        record=record,
        origin=origin,
        kind=record.kind,
        field=field,
        key=row.key,
        place=place,
        what=row.what,
        who_id=row.who,
        name=row.name,
        first_due=row.due,
        due=standing.due,
        state=str(ItemState.OPEN if standing.state is ItemState.OVERDUE else standing.state),
        since=last.record.happened_at if last else record.received_at,
        settled_by_id=standing.because,
        remark=last.remark if last else "",
        postponed=standing.postponed,
    )


def _said(row: Settlement) -> Said:
    record = row.record
    assert record.received_at is not None, "only what is sealed is kept"
    return Said(record.pk, record.happened_at, record.received_at, Result(row.result), row.due)
