"""Signing the list of one's post."""

from __future__ import annotations

from django.db.models import Q

from anze.records.acting.context import current
from anze.records.acting.errors import NotPermitted, Refused
from anze.records.acting.permissions import require
from anze.records.journal.actions import append, digest_of, instant
from anze.records.people.models import Holding
from anze.records.signatures.lists import ListInForce, list_in_force
from anze.records.signatures.models import ListText, Signature

ACCOUNT = "account"


class ListChanged(Refused):
    """What was read is not what would be signed."""


class AlreadySigned(Refused):
    """This text is signed for this holding."""


def sign_list(*, position: str, edition: str, digest: str) -> int:
    """The signature's id. `edition` and `digest`: of the list that was shown.

    Only the holder signs; a deputy acts under the holder's promise. Raises ListChanged, AlreadySigned.
    """
    require("see_own")
    writes = current().writes
    asked = list_in_force(position, writes[0] if writes else None)
    holding = _own_holding(position)
    if (edition, digest) != (asked.edition, asked.digest):
        raise ListChanged("清单在您阅读期间有更新，本次没有签署。请重新阅读更新后的清单再签署。")
    if Signature.objects.filter(holding=holding, list_text=digest).exists():
        raise AlreadySigned("您已签署过这份清单，不必重复签署。")
    signature = _signed(holding, asked)
    content = [holding.pk, holding.person_id, position, edition, digest, instant(signature.signed_at)]
    append(
        action="signatures.sign",
        rows=[
            ("signatures.signature", signature.pk, digest_of(content)),
            ("signatures.text", signature.pk, digest),
        ],
        company_id=holding.company_id,
    )
    return signature.pk


def _signed(holding: Holding, asked: ListInForce) -> Signature:
    scope = current()
    assert scope.actor.account is not None
    ListText.objects.bulk_create(
        [ListText(digest=asked.digest, position=asked.position, text=asked.text)], ignore_conflicts=True
    )
    return Signature.objects.create(
        company_id=holding.company_id,
        holding=holding,
        person_id=holding.person_id,
        position=asked.position,
        edition=asked.edition,
        list_text_id=asked.digest,
        signed_at=scope.at,
        method=ACCOUNT,
        account_id=scope.actor.account,
    )


def _own_holding(position: str) -> Holding:
    """Locked, so that two hands at once do not sign twice."""
    scope = current()
    still = Q(until=None) | Q(until__gt=scope.today)
    found = (
        Holding.objects.select_for_update()
        .filter(still, person=scope.actor.person, position=position, since__lte=scope.today)
        .first()
    )
    if found is None or scope.actor.person is None:
        raise NotPermitted("岗位清单由任职人本人签署；代理人和其他人员不能代签。")
    return found
