"""The roll call of a draft: whoever holds the session opens and closes it, and marks what no signature says.

Rule 1: a person who signed stands as attended until the signature is withdrawn, whatever a form sends.
Rule 2: opening it, those who take part are missing until they sign; who is excused stays so.
"""

from __future__ import annotations

from collections.abc import Sequence

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.evidence.access import locked_draft
from anze.records.evidence.content import journal_rows
from anze.records.evidence.models import Attachment, Participation, Record, RollCall
from anze.records.journal.actions import append, digest_of
from anze.records.lawbook import lawbook
from anze.records.people.models import Person
from anze.rules.catalogue.model import Role
from anze.rules.evidence import Attendance

ATTENDED, EXCUSED, ABSENT = (str(each) for each in Attendance)
CALLED = (str(Role.PARTICIPANT), str(Role.SUBJECT))


class NoRollCall(Refused):
    """The kind knows no attendance, or nobody opened the roll call."""


class SignedThemselves(Refused):
    """What somebody signed is not marked away by hand."""


def open_roll_call(*, record_id: int) -> None:
    """Once it was open, opening it again changes nobody's attendance."""
    record = locked_draft(record_id)
    kind = lawbook().kinds.get(record.kind)
    if kind is None or not kind.attendance:
        raise NoRollCall(f"“{record.title}”这类记录不登记到场情况，不能现场签到。")
    call, first = RollCall.objects.get_or_create(
        record=record, defaults={"company_id": record.company_id, "opened_at": current().at}
    )
    if first:
        called = Participation.objects.filter(record=record, role__in=CALLED, attendance=ATTENDED)
        called.filter(signed_at=None).update(attendance=ABSENT)
    elif call.closed_at is not None:
        call.closed_at, call.misses = None, 0
        call.save(update_fields=["closed_at", "misses"])
    append(action="evidence.open_roll_call", rows=journal_rows([record]), company_id=record.company_id)


def close_roll_call(*, record_id: int) -> None:
    record = locked_draft(record_id)
    RollCall.objects.filter(record=record, closed_at=None).update(closed_at=current().at)
    append(action="evidence.close_roll_call", rows=journal_rows([record]), company_id=record.company_id)


def mark(*, record_id: int, person_id: int, attendance: str) -> None:
    """By hand, of somebody on the list. Raises NotFound, SignedThemselves."""
    record = locked_draft(record_id)
    parts = list(Participation.objects.filter(record=record, person=person_id))
    if not parts:
        raise NotFound("名单中没有这个人。")
    if attendance not in (ATTENDED, EXCUSED, ABSENT):
        raise Refused("到场情况只能是到场、请假或缺席。")
    if attendance != ATTENDED and any(part.signed_at for part in parts):
        raise SignedThemselves("此人已现场签名，不能改为未到；代签或签错的，请先撤销签名。")
    Participation.objects.filter(record=record, person=person_id).update(attendance=attendance)
    append(action="evidence.mark", rows=journal_rows([record]), company_id=record.company_id)


def add_person(*, record_id: int, person_id: int) -> None:
    """Somebody who is there and has no phone, or stands on no list. Raises NotFound, Refused."""
    record = locked_draft(record_id)
    person = employed(person_id, record)
    if Participation.objects.filter(record=record, person=person).exists():
        raise Refused(f"{person.name}已在名单中，请直接标为到场。")
    join(record, person)
    append(action="evidence.add_person", rows=journal_rows([record]), company_id=record.company_id)


def withdraw_signature(*, record_id: int, person_id: int) -> None:
    """A name written by another: the person is missing again, and the picture goes. Raises NotFound."""
    record = locked_draft(record_id)
    part = Participation.objects.filter(record=record, person=person_id).exclude(signed_at=None).first()
    if part is None:
        raise NotFound("此人没有现场签名。")
    file = Attachment.objects.filter(record=record, sha256=part.signature)
    file.delete()
    Participation.objects.filter(record=record, person=person_id).update(
        attendance=ABSENT, signed_at=None, signed_by="", signature="", device=""
    )
    digest = digest_of([record.salt, part.signature])
    rows = [*journal_rows([record]), ("evidence.participation", part.pk, digest)]
    append(action="evidence.withdraw_signature", rows=rows, company_id=record.company_id)


def join(record: Record, person: Person) -> Participation:
    """As somebody who takes part; where the form knows only others, as the last of its roles."""
    kind = lawbook().kinds[record.kind]
    role = Role.PARTICIPANT if Role.PARTICIPANT in kind.roles else list(kind.roles)[-1]
    return Participation.objects.create(
        company_id=record.company_id, record=record, person=person, role=str(role)
    )


def employed(person_id: int, record: Record) -> Person:
    """Of the record's company, today. Raises NotFound, Refused."""
    found = Person.objects.filter(pk=person_id, company=record.company_id).first()
    if found is None:
        raise NotFound("没有这个人员。")
    day = current().today
    if found.joined_on > day or (found.left_on is not None and found.left_on <= day):
        raise Refused(f"{found.name}目前不在职，不能签到。")
    return found


def with_signatures(parts: list[Participation], signed: Sequence[Participation]) -> list[Participation]:
    """Who signed at the session stands as attended, whatever a form says that was opened before."""
    for old in signed:
        own = [part for part in parts if part.person_id == old.person_id]
        if not own:
            own = [Participation(company_id=old.company_id, record_id=old.record_id, person_id=old.person_id)]
            own[0].role = old.role
            parts += own
        for part in own:
            part.attendance = ATTENDED
        kept = next((part for part in own if part.role == old.role), own[0])
        kept.signed_at, kept.signed_by = old.signed_at, old.signed_by
        kept.signature, kept.device = old.signature, old.device
    return parts
