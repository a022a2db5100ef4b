"""Drawing up a hand-over sheet and signing it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.permissions import may, require
from anze.records.handovers.content import entries_of
from anze.records.handovers.models import Handover, HandoverSignature
from anze.records.journal.actions import append, digest_of, instant
from anze.records.people.leading import name_of
from anze.records.people.models import Holding, Person
from anze.records.tenants.queries import company
from anze.rules.handovers import (
    HandoverSheet,
    SheetItem,
    SheetPart,
    canonical_text,
    laid_out,
    may_sign,
)
from anze.rules.signatures import text_digest


class SheetChanged(Refused):
    """What was read is not what would be signed."""


class NothingToSign(Refused):
    """This person has no part left in the sheet, or others sign first."""


def draw_up(
    *,
    holding_id: int,
    receiver_id: int,
    until: date | None,
    receivers: Mapping[str, int] | None = None,
    remarks: str = "",
) -> int:
    """The sheet's id; an older sheet of the holding counts no longer.

    `receivers`: key of an entry (see `content.entries_of`) -> person, where it is not `receiver_id`.
    """
    require("manage_people")
    holding = Holding.objects.select_for_update().filter(pk=holding_id).first()
    if holding is None:
        raise NotFound("没有这条任职。")
    scope = current()
    text = canonical_text(_sheet(holding, receiver_id, until, receivers or {}, remarks.strip()))
    row = Handover.objects.create(
        company_id=holding.company_id,
        holding=holding,
        text=text,
        digest=text_digest(text),
        drawn_at=scope.at,
        drawn_by_id=scope.actor.account,
    )
    append(
        action="handovers.draw_up",
        rows=[("handovers.handover", row.pk, row.digest)],
        company_id=row.company_id,
    )
    return row.pk


def sign_sheet(*, handover_id: int, digest: str) -> SheetPart:
    """The part in which the acting person signed. `digest`: of the sheet that was shown.

    Raises SheetChanged, NothingToSign.
    """
    require("see_own")
    scope = current()
    row = Handover.objects.filter(pk=handover_id).first()
    person, account = scope.actor.person, scope.actor.account
    if row is None:
        raise NotFound("没有这份交接单。")
    if person is None or account is None:
        raise NotPermitted("交接单由移交人、接收人和监交人本人签署。")
    # The holding is what two hands have in common: sheets themselves are never locked, as they never change.
    Holding.objects.select_for_update().get(pk=row.holding_id)
    newer = Handover.objects.filter(holding=row.holding_id, pk__gt=row.pk).exists()
    if newer or digest != row.digest:
        raise SheetChanged("这份交接单已重新编制，本次没有签署。请打开最新的一份。")
    part = may_sign(laid_out(row.text), _signed(row), person, confirms=may(scope.actor, "manage_people"))
    if part is None:
        raise NothingToSign("您不必在这份交接单上签署，或者还在等其他人先签署。")
    kept = HandoverSignature.objects.create(
        company_id=row.company_id,
        handover=row,
        part=part.value,
        person_id=person,
        account_id=account,
        digest=row.digest,
        signed_at=scope.at,
    )
    content = [row.pk, part.value, person, row.digest, instant(kept.signed_at)]
    append(
        action="handovers.sign",
        rows=[
            ("handovers.signature", kept.pk, digest_of(content)),
            ("handovers.handover", row.pk, row.digest),
        ],
        company_id=row.company_id,
    )
    return part


def _signed(row: Handover) -> list[tuple[SheetPart, int]]:
    rows = HandoverSignature.objects.filter(handover=row).values_list("part", "person_id")
    return [(SheetPart(part), person) for part, person in rows]


def _sheet(
    holding: Holding, receiver_id: int, until: date | None, receivers: Mapping[str, int], remarks: str
) -> HandoverSheet:
    people = Person.objects.in_bulk([holding.person_id, receiver_id, *receivers.values()])
    for key in (receiver_id, *receivers.values()):
        _check_receiver(people.get(key), holding)
    if len(remarks) > 1000:
        raise Refused("说明不超过 1000 字。")
    end = holding.until if until is None else until
    if end is not None and end <= holding.since:
        raise Refused(f"离任日期应晚于任职日期 {holding.since}。")
    items = []
    for entry in entries_of(holding):
        receiver = people[receivers.get(entry.key, receiver_id)]
        items.append(SheetItem(entry.kind, entry.title, entry.detail, receiver.pk, receiver.name))
    return HandoverSheet(
        company=company(holding.company_id).name,
        position=name_of(holding.position),
        leaver=holding.person_id,
        leaver_name=people[holding.person_id].name,
        since=holding.since.isoformat(),
        until=end.isoformat() if end else "",
        receiver=receiver_id,
        receiver_name=people[receiver_id].name,
        items=tuple(items),
        remarks=remarks,
        salt=secrets.token_hex(16),
    )


def _check_receiver(person: Person | None, holding: Holding) -> None:
    if person is None:
        raise NotFound("没有这个接收人。")
    if person.pk == holding.person_id:
        raise Refused("接收人不能是移交人本人。")
    if person.left_on is not None and person.left_on <= current().today:
        raise Refused(f"{person.name} 已离职，不能接收。")
