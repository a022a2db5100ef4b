"""Which records the actor may see or change: the whole company's, or those they had a part in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anze.records.acting.context import Actor, current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.evidence.drafts import AlreadySealed, InvalidDraft
from anze.records.evidence.models import Item, Participation, Record
from anze.records.lawbook import lawbook
from anze.records.tenants.queries import remember
from anze.rules.catalogue.model import EvidenceKind

LARGEST_ID = 2**63 - 1
NO_RECORD = "没有这条记录。"


def visible() -> QuerySet[Record]:
    """Everything of the companies in scope, or the records that the actor wrote, takes part in
    or is given something to do by. A kind that names posts is shown to these, and to nobody else without
    a part in it.

    A draft is the company's own business until it is sealed: an authority does not see it.
    """
    actor = current().actor
    if actor.authority is not None and may(actor, "supervise"):
        return unwithheld(Record.objects.exclude(status=Record.Status.DRAFT))
    if may(actor, "see_company"):
        return unwithheld(Record.objects.all())
    require("see_own")
    mine = Participation.objects.filter(person=actor.person).values("record")
    given = Item.objects.filter(who=actor.person).values("record")
    own = Q(author=actor.account) | Q(pk__in=mine) | Q(pk__in=given)
    return Record.objects.filter(own | Q(kind__in=named) if (named := _naming(actor)) else own)


def withheld() -> frozenset[str]:
    """Kinds whose records the actor sees only where they wrote them or have a part in them."""
    actor = current().actor
    if "system" in actor.roles:
        return frozenset()
    return frozenset(kind.id for kind in lawbook().kinds.values() if kind.seen_by) - _naming(actor)


def _naming(actor: Actor) -> frozenset[str]:
    """Kinds that name one of the actor's posts, or officers."""
    posts = {position.rsplit(".", 1)[-1] for position in actor.positions} | (actor.roles & {"officer"})
    return frozenset(kind.id for kind in lawbook().kinds.values() if not posts.isdisjoint(kind.seen_by))


def unwithheld(rows: QuerySet[Record]) -> QuerySet[Record]:
    if not (kinds := withheld()):
        return rows
    actor = current().actor
    mine = Participation.objects.filter(person=actor.person, record__kind__in=kinds).values("record")
    return rows.filter(~Q(kind__in=kinds) | Q(author=actor.account) | Q(pk__in=mine))


def seen(record_id: int) -> Record:
    """Raises NotFound, for another company's record too."""
    record = visible().select_related("revision", "company").filter(pk=record_id).first()
    if record is None:
        raise NotFound(NO_RECORD)
    remember(record.company)
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


def may_seal_kind(kind: EvidenceKind) -> bool:
    """A kind may name the posts whose holders, or deputies, seal it."""
    actor = current().actor
    posts = {position.rsplit(".", 1)[-1] for position in actor.positions}
    return not kind.sealed_by or "system" in actor.roles or not posts.isdisjoint(kind.sealed_by)


def require_sealer(record: Record) -> None:
    """Raises InvalidDraft."""
    kind = lawbook().kinds.get(record.kind)
    if kind is not None and not may_seal_kind(kind):
        listed = lawbook().positions.items()
        named = "、".join(
            next((found.name for key, found in listed if key.endswith(f".{post}")), post)
            for post in kind.sealed_by
        )
        raise InvalidDraft({"sealer": f"“{kind.name}”须由{named}提交。草稿已保存，请{named}打开后提交。"})


def require_own(record: Record) -> None:
    """Whoever answers for the whole company may act on any record, others on those they wrote."""
    actor = current().actor
    if not may(actor, "see_company") and (record.author is None or record.author != actor.account):
        raise NotPermitted("只能处理本人填写的记录。")
