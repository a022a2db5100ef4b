"""Questions of the authority's platform into rows; the answers that persons gave, back to it.

Nothing here makes up an answer: it sends what a row says that a named person said.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from anze.telemetry.questions import ROLL_CALL, SUPERVISION, Answered, NewQuestion
from anze.telemetry.uplinks import Account
from anze.wire.header import Version
from anze.wire.jt809.answers import Responder
from anze.wire.jt809.events import Asked, RollCallAsked, SupervisionAsked
from anze.wire.jt809.header import Header
from anze.wire.jt809.messages import decode, encode
from anze.wire.jt809.messages.alarms import Handling, Supervision
from anze.wire.jt809.messages.platforms import RollCall
from anze.wire.jt809.session import Session

NAME_BYTES = 16


def question_of(asked: Asked, account: Account, at: datetime) -> NewQuestion:
    """The row that keeps the question."""
    vehicle = asked.vehicle if isinstance(asked, SupervisionAsked) else None
    carrier, body = encode(asked.message, Version(account.version), vehicle)
    due: datetime | None
    if isinstance(asked, RollCallAsked):
        kind, due, facts = ROLL_CALL, datetime.fromtimestamp(asked.due, UTC), _of_roll_call(asked.message)
    else:
        kind, due, facts = SUPERVISION, asked.message.until, _of_supervision(asked)
    return NewQuestion(
        uplink_id=account.id,
        company_id=account.company_id,
        kind=kind,
        asked_at=at,
        due_at=due,
        serial=asked.header.serial,
        carrier=carrier,
        body=body,
        facts=facts,
    )


def _of_roll_call(message: RollCall) -> dict[str, Any]:
    return {
        "text": message.text,
        "object_type": message.object_type,
        "object_id": message.object_id,
        "question_id": message.question_id,
    }


def _of_supervision(asked: SupervisionAsked) -> dict[str, Any]:
    message, vehicle = asked.message, asked.vehicle
    return {
        "source": message.source,
        "alarm": message.kind,
        "alarm_at": message.time.isoformat() if message.time else None,
        "supervision_id": message.supervision_id,
        "level": message.level,
        "supervisor": message.supervisor,
        "telephone": message.telephone,
        "mail": message.mail,
        "plate": vehicle.plate if vehicle else "",
        "plate_colour": vehicle.colour if vehicle else None,
    }


def fitting(name: str) -> str:
    """A long name as far as its field goes; the row keeps all of it."""
    return name.encode("gb18030")[:NAME_BYTES].decode("gb18030", "ignore")


def asked_again(row: Answered, account: Account) -> Asked:
    """The question as the session knows it, from its row."""
    version = Version(account.version)
    decoded = decode(row.carrier, row.body, version)
    header = Header(row.carrier, account.platform, row.serial, version)
    if isinstance(decoded.message, RollCall):
        assert row.due_at is not None
        return RollCallAsked(header, decoded.message, row.due_at.timestamp())
    assert isinstance(decoded.message, Supervision)
    return SupervisionAsked(header, decoded.vehicle, decoded.message)


def answer(session: Session, row: Answered, account: Account, now: float) -> None:
    """Queue the answer. Raises UnencodableError, NotLoggedInError."""
    by = Responder(fitting(row.responder), row.telephone)
    asked = session.recall(asked_again(row, account))
    if isinstance(asked, RollCallAsked):
        assert row.answer is not None
        session.answer_roll_call(asked, by=by, text=row.answer, now=now)
    else:
        assert row.result is not None
        session.answer_supervision(asked, by=by, result=Handling(row.result), now=now)
