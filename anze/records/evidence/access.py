"""Which records the actor may see or change: the whole company's, or those they had a part in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.evidence.drafts import AlreadySealed
from anze.records.evidence.models import Item, Participation, Record

LARGEST_ID = 2**63 - 1
NO_RECORD = "没有这条记录。"


def visible() -> QuerySet[Record]:
    """Everything of the companies in scope, or the records that the actor wrote, takes part in
    or is given something to do by.

    A draft is the company's own business until it is sealed: an authority does not see it.
    """
    actor = current().actor
    if actor.authority is not None and may(actor, "supervise"):
        return Record.objects.exclude(status=Record.Status.DRAFT)
    if may(actor, "see_company"):
        return Record.objects.all()
    require("see_own")
    mine = Participation.objects.filter(person=actor.person).values("record")
    given = Item.objects.filter(who=actor.person).values("record")
    return Record.objects.filter(Q(author=actor.account) | Q(pk__in=mine) | Q(pk__in=given))


def seen(record_id: int) -> Record:
    """Raises NotFound, for another company's record too."""
    record = visible().filter(pk=record_id).first()
    if record is None:
        raise NotFound(NO_RECORD)
    return record


def locked_draft(record_id: int) -> Record:
    """A draft that the actor may change, locked. Raises NotFound, NotPermitted, AlreadySealed."""
    require("draft_record")
    if not visible().filter(pk=record_id).exists():
        raise NotFound(NO_RECORD)
    record = Record.objects.select_for_update().get(pk=record_id)
    require_own(record)
    require_draft(record)
    return record


def require_draft(record: Record) -> None:
    if record.status == Record.Status.VOID:
        raise Refused(f"“{record.title}”（{record.number}）已作废，不能再改动。")
    if record.status != Record.Status.DRAFT:
        raise AlreadySealed(
            f"“{record.title}”已封存，编号 {record.number}：不能再次封存或改动，需要更正时请做修订。"
        )


def require_own(record: Record) -> None:
    """Whoever answers for the whole company may act on any record, others on those they wrote."""
    actor = current().actor
    if not may(actor, "see_company") and (record.author is None or record.author != actor.account):
        raise NotPermitted("只能处理本人填写的记录。")
