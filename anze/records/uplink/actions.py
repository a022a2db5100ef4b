"""Answering an authority's platform; entering an account there; noting that nobody answered.

An answer is a person's: whoever is signed in, by name. Nothing here answers for somebody else.
"""

from __future__ import annotations

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.acting.models import check_writable
from anze.records.acting.permissions import require
from anze.records.fleet.positions import raw_connection
from anze.records.journal.actions import Row, append, digest_of, instant
from anze.records.people.models import Person
from anze.records.uplink.queries import QuestionRow, Standing, question
from anze.telemetry import questions, uplinks
from anze.telemetry.questions import NewAnswer
from anze.telemetry.uplinks import AccountTaken, NewUplink

RESULTS = {0: "处理中", 1: "已处理完毕", 2: "不作处理", 3: "将来处理"}
LONGEST_ANSWER = 500


class AlreadyAnswered(Refused):
    """Somebody was quicker."""


class TooLate(Refused):
    """The deadline is over; the silence stands."""


class UplinkTaken(Refused):
    """The account, or the port of its slave link, is in use."""


def answer_roll_call(*, question_id: int, text: str) -> None:
    """Raises NotFound, AlreadyAnswered, TooLate."""
    asked = _to_answer(question_id)
    if not asked.is_roll_call:
        raise NotFound("没有这条查岗。")
    said = text.strip()
    if not said:
        raise Refused("请填写应答内容。")
    if len(said) > LONGEST_ANSWER:
        raise Refused(f"应答内容最多 {LONGEST_ANSWER} 字。")
    _answer(asked, answer=said)


def answer_supervision(*, question_id: int, result: int) -> None:
    """Raises NotFound, AlreadyAnswered, TooLate."""
    asked = _to_answer(question_id)
    if asked.is_roll_call:
        raise NotFound("没有这条督办。")
    if result not in RESULTS:
        raise Refused("请选择处理结果。")
    _answer(asked, result=result)


def note_silence(*, company_id: int) -> int:
    """Journal each question whose deadline went by without an answer. Answers how many."""
    require("note_silence")
    found = questions.note_silence(raw_connection(), company_id, current().at)
    rows: list[Row] = [
        ("telemetry.question", number, digest_of([number, kind, "silent", instant(due)]))
        for number, kind, due in sorted(found)
    ]
    if rows:
        append(action="uplink.silence", rows=rows, company_id=company_id, reason="逾期未应答")
    return len(rows)


def enter(*, new: NewUplink) -> int:
    """The link's id. The password is kept for the process that logs in, and shown to nobody."""
    require("connect_platform")
    check_writable(new.company_id)
    try:
        number = uplinks.enter(raw_connection(), new)
    except AccountTaken as taken:
        what = "从链路端口" if str(taken) == "listens_once" else "这个平台的账号"
        raise UplinkTaken(f"{what}已经登记过。") from None
    content = [new.name, new.version, new.host, new.port, new.platform, new.account, new.slave_port]
    append(
        action="uplink.enter",
        rows=[("telemetry.uplink", number, digest_of(content))],
        company_id=new.company_id,
    )
    return number


def switch(*, uplink_id: int, company_id: int, enabled: bool) -> None:
    """Raises NotFound."""
    require("connect_platform")
    check_writable(company_id)
    if not uplinks.enable(raw_connection(), uplink_id, company_id, enabled):
        raise NotFound(f"没有编号为 {uplink_id} 的上级平台链路。")
    row: Row = ("telemetry.uplink", uplink_id, digest_of([uplink_id, enabled]))
    append(action="uplink.enable" if enabled else "uplink.disable", rows=[row], company_id=company_id)


def _to_answer(question_id: int) -> QuestionRow:
    require("answer_platform")
    found = question(question_id)
    if found.answered_at is not None:
        raise AlreadyAnswered(f"{found.responder}已经应答过，本次没有发送。请返回查看已发出的内容。")
    if found.standing is Standing.SILENT:
        raise TooLate("已经过了应答时限，记为未应答，不能再应答。请按上级平台的要求另行说明情况。")
    return found


def _answer(asked: QuestionRow, *, answer: str | None = None, result: int | None = None) -> None:
    scope = current()
    person, account = scope.actor.person, scope.actor.account
    if person is None or account is None:
        raise NotPermitted("查岗和督办由登录的本人应答。")
    check_writable(asked.company_id)
    found = Person.objects.get(pk=person)
    given = NewAnswer(
        question_id=asked.id,
        company_id=asked.company_id,
        at=scope.at,
        person_id=person,
        account_id=account,
        responder=found.name,
        telephone=found.phone,
        answer=answer,
        result=result,
    )
    if not questions.answer(raw_connection(), given):
        raise AlreadyAnswered("刚刚已有人应答，本次没有发送。请返回查看已发出的内容。")
    content = [asked.id, asked.kind, person, instant(scope.at), answer, result]
    append(
        action="uplink.answer",
        rows=[("telemetry.question", asked.id, digest_of(content))],
        company_id=asked.company_id,
    )
