"""Asking the people concerned to confirm a record, and confirming it.

Rule 1: asked when the record is sealed; of participants only those who were there. A revision is a new record
and asks again; one that is void or superseded asks nobody any more.
Rule 2: each confirms for themselves, once, the text with the digest that the page showed.
"""

from __future__ import annotations

from collections.abc import Iterable

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.confirmations.models import Confirmation
from anze.records.evidence.models import Participation, Record
from anze.records.journal.actions import append, digest_of, instant
from anze.records.lawbook import lawbook

ACCOUNT, LINK = "account", "link"


class AlreadyConfirmed(Refused):
    """Nobody confirms twice."""


class TextChanged(Refused):
    """What was read is not what would be confirmed."""


def ask(record_ids: Iterable[int]) -> None:
    """Of records that were just sealed, in the transaction that sealed them."""
    asking = {kind.id for kind in lawbook().kinds.values() if kind.confirms}
    records = {r.pk: r for r in Record.objects.filter(pk__in=list(record_ids), kind__in=asking)}
    if not records:
        return
    parts = Participation.objects.filter(record__in=records, attendance="attended").order_by("pk")
    asked: dict[tuple[int, int], str] = {}
    for part in parts:
        for role, act in lawbook().kinds[records[part.record_id].kind].confirms.items():
            if part.role == role:
                asked.setdefault((part.record_id, part.person_id), act)
    Confirmation.objects.bulk_create(
        Confirmation(
            company_id=records[record].company_id,
            record_id=record,
            person_id=person,
            act=act,
            digest=records[record].digest,
            asked_at=current().at,
        )
        for (record, person), act in asked.items()
    )


def confirm(*, record_id: int, digest: str) -> str:
    """What was confirmed, in a word. `digest`: of the text that was shown.

    Raises NotFound where the actor is not asked, AlreadyConfirmed, TextChanged.
    """
    require("see_own")
    scope = current()
    row = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(record=record_id, person=scope.actor.person)
        .first()
    )
    if row is None or scope.actor.person is None or scope.actor.account is None:
        raise NotFound("没有需要您确认的这份记录。")
    if row.confirmed_at is not None:
        raise AlreadyConfirmed("您已确认过这份记录，不必重复确认。")
    if row.record.status != Record.Status.SEALED:
        raise TextChanged("这份记录已修订或作废，不再需要确认；修订后的记录会另行请您确认。")
    if digest != row.digest:
        raise TextChanged("页面上的内容与封存的记录不一致，没有确认。请刷新页面，重新阅读后再确认。")
    row.confirmed_at, row.account_id = scope.at, scope.actor.account
    row.method = LINK if scope.actor.only is not None else ACCOUNT
    row.save(update_fields=["confirmed_at", "account", "method"])
    content = [row.record_id, row.person_id, row.act, row.digest, row.method, instant(scope.at)]
    append(
        action="confirmations.confirm",
        rows=[
            ("confirmations.confirmation", row.pk, digest_of(content)),
            ("evidence.record", record_id, digest),
        ],
        company_id=row.company_id,
    )
    return row.act
