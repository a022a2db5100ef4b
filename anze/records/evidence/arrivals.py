"""Arriving at a session (签到): who scanned its code writes their own name, once, and stands as attended.

Rule 1: nobody signs for another: the act takes no person, it is the actor's own; a device serves one person
in a session, and one drawing stands once.
Rule 2: who has no account is known by name and the last digits of the telephone on file; who has none there
is added by whoever holds the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from anze.records.acting.context import Actor, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.evidence.content import journal_rows
from anze.records.evidence.files import store
from anze.records.evidence.ink import png_of
from anze.records.evidence.models import Attachment, Participation, Record, RollCall
from anze.records.evidence.roll_calls import ATTENDED, employed, join
from anze.records.journal.actions import append
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.rules.importing.names import spelled
from anze.rules.strokes import WrongStrokes, drawing_of

ACCOUNT, TELEPHONE = "account", "telephone"
SIGNATURE = "signature"  # the purpose of such a file
MOST_MISSES = 60
OWN = frozenset({"see_own"})
NO_CALL = "没有这场签到。"


class RollCallClosed(Refused):
    """Not opened, closed, or the record is sealed."""


class ArrivedAlready(Refused):
    """Nobody arrives twice."""


class DeviceTaken(Refused):
    """One telephone, one person."""


class WrongSignature(Refused):
    """Nothing, or too little, or too much was drawn; or the very drawing of somebody else."""


@dataclass(frozen=True, slots=True)
class Call:
    """A session whose roll is called."""

    record_id: int
    company_id: int
    title: str
    kind_name: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    name: str
    at: datetime
    picture: bytes


def visitor(company_id: int) -> Actor:
    """Who has shown no more than a code: may do nothing."""
    return Actor(None, "扫码签到", company=company_id)


def person_there(person_id: int, name: str, company_id: int) -> Actor:
    """Who said who they are: may do what is their own, and that is signing."""
    return Actor(None, name, person_id, company_id, roles=frozenset({"employee"}), only=OWN)


def call_of(record_id: int) -> Call:
    """Raises NotFound out of scope, RollCallClosed."""
    return _call(_called(record_id, lock=False))


def identify(*, record_id: int, name: str, tail: str) -> tuple[int, str] | None:
    """Person and name. None: nobody, or nobody alone, has this name and these last digits; that is counted.

    Raises NotFound, RollCallClosed, and Refused after too many misses.
    """
    record = _called(record_id, lock=False)
    call = RollCall.objects.get(record=record)
    if call.misses >= MOST_MISSES:
        raise Refused("输错的次数过多，本场不能再凭手机尾号签到。请到主持人处登记。")
    today = current().today
    rows = Person.objects.filter(company=record.company_id, phone__endswith=tail, joined_on__lte=today)
    found = [
        (person.pk, person.name)
        for person in rows
        if spelled(person.name) == spelled(name) and (person.left_on is None or person.left_on > today)
    ]
    if len(found) == 1:
        return found[0]
    RollCall.objects.filter(pk=call.pk).update(misses=F("misses") + 1)
    return None


def arrive(*, record_id: int, device: str, strokes: str) -> Arrival:
    """`device`: digest of the telephone that scanned; `strokes`: as `drawing_of` reads them.

    Raises NotFound, RollCallClosed, ArrivedAlready, DeviceTaken, WrongSignature.
    """
    require("see_own")
    scope = current()
    if scope.actor.person is None:
        raise NotFound(NO_CALL)
    picture = _drawn(strokes)
    record = _called(record_id, lock=True)
    person = employed(scope.actor.person, record)
    own = _own_part(record, person, device)
    file = store([picture], "签名")
    if Attachment.objects.filter(record=record, sha256=file.sha256).exists():
        raise WrongSignature("这个签名与他人的完全相同，没有保存。请本人重新手写姓名。")
    Attachment.objects.create(
        company_id=record.company_id,
        record=record,
        sha256=file.sha256,
        name=f"签名 {person.name}{file.extension}",
        media_type=file.media_type,
        size=file.size,
        received_at=scope.at,
        purpose=SIGNATURE,
    )
    own.signed_at, own.signature, own.device = scope.at, file.sha256, device
    own.signed_by = TELEPHONE if scope.actor.account is None else ACCOUNT
    own.save(update_fields=["signed_at", "signature", "device", "signed_by"])
    Participation.objects.filter(record=record, person=person).update(attendance=ATTENDED)
    append(action="evidence.arrive", rows=journal_rows([record]), company_id=record.company_id)
    return Arrival(person.name, scope.at, picture)


def _own_part(record: Record, person: Person, device: str) -> Participation:
    """Where the signature goes: whoever stands on no list is added to it."""
    parts = list(Participation.objects.filter(record=record, person=person).order_by("pk"))
    if any(part.signed_at for part in parts):
        raise ArrivedAlready(f"{person.name}已签到，不必重复签到。")
    other = Participation.objects.filter(record=record, device=device).select_related("person").first()
    if other is not None:
        raise DeviceTaken(
            f"这部手机已为{other.person.name}签过到。一部手机只能签一人；没有手机的，请到主持人处登记。"
        )
    return parts[0] if parts else join(record, person)


def _drawn(strokes: str) -> bytes:
    try:
        return png_of(drawing_of(strokes))
    except WrongStrokes as problem:
        raise WrongSignature(str(problem)) from None


def _called(record_id: int, *, lock: bool) -> Record:
    """Locked, so that two hands at once do not sign twice."""
    rows = Record.objects.select_for_update(of=("self",)) if lock else Record.objects.all()
    record = rows.filter(pk=record_id).first()
    if record is None:
        raise NotFound(NO_CALL)
    if record.status != Record.Status.DRAFT:
        raise RollCallClosed(f"“{record.title}”已封存，不能再签到。没有签到的，请与主持人联系补课。")
    if not RollCall.objects.filter(record=record, closed_at=None).exists():
        raise RollCallClosed(f"“{record.title}”的现场签到没有开始或已经结束，请与主持人联系。")
    return record


def _call(record: Record) -> Call:
    kind = lawbook().kinds.get(record.kind)
    return Call(
        record.pk, record.company_id, record.title, kind.name if kind else record.kind, record.happened_at
    )
