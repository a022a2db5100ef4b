"""Questions become rows before anything else; answers go up when a person has given them, never else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anze.gateway.uplink.asking import fitting
from anze.telemetry import questions
from anze.telemetry.questions import NewAnswer
from anze.wire.header import Version
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.messages.alarms import Supervision, SupervisionAnswer
from anze.wire.jt809.messages.platforms import RollCall, RollCallAnswer
from tests.gateway.uplink.conftest import VERSIONS, Connection, Fleet, entered, running
from tests.gateway.uplink.platform import Platform, until
from tests.gateway.uplink.test_positions import state
from tests.telemetry.build import COMPANY
from tests.wire.jt809.upper import VEHICLE


def call(version: Version, minutes: int = 10) -> RollCall:
    return RollCall(
        object_type=1,
        object_id="31000001",
        minutes=minutes if version is Version.V2019 else None,
        question_id=5,
        text="请报当前在线车辆数",
    )


def urged(until_: datetime | None) -> Supervision:
    return Supervision(
        source=1, kind=2, time=datetime.now(UTC).replace(microsecond=0), supervision_id=77, until=until_,
        level=0, supervisor="李四", telephone="021-12345678", mail="",
    )  # fmt: skip


def kept(owner: Connection) -> list[tuple[Any, ...]]:
    return owner.execute(
        "SELECT id, kind, facts, answered_at, delivered_at FROM telemetry.question ORDER BY id"
    ).fetchall()


def answered(owner: Connection, question: int, **said: Any) -> bool:
    return questions.answer(
        owner,
        NewAnswer(question, COMPANY, datetime.now(UTC), 7, 8, "郑值班", "13800000000", **said),
    )


@pytest.mark.parametrize("slave", [True, False])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_roll_call_waits_for_a_person(
    version: Version, slave: bool, owner: Connection, fleet: Fleet
) -> None:
    async def scene() -> None:
        platform = await Platform(version).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(call(version), slave=slave)
            await until(lambda: len(kept(owner)) == 1, "a row")
            await asyncio.sleep(1.5)
            assert platform.of(RollCallAnswer) == []
            ((question, kind, facts, *_),) = kept(owner)
            assert (kind, facts["text"], facts["question_id"]) == ("roll_call", "请报当前在线车辆数", 5)
            assert answered(owner, question, answer="在线 12 辆")
            await until(lambda: len(platform.of(RollCallAnswer)) == 1, "the answer")
            await until(lambda: kept(owner)[0][4] is not None, "its delivery")
        (said,) = platform.of(RollCallAnswer)
        assert said.text == "在线 12 辆"
        if version is Version.V2019:
            assert (said.responder, said.telephone) == ("郑值班", "13800000000")

    asyncio.run(scene())


def test_an_encrypted_link_does_as_a_plain_one(owner: Connection, fleet: Fleet) -> None:
    """Log-in, the code on the slave link, a question and its answer: all hidden, both ways."""

    async def scene() -> None:
        platform = await Platform(Version.V2019, cipher=Cipher(30_000_000, 20_000_000, 20_000_000, 9)).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(call(Version.V2019))
            await until(lambda: len(kept(owner)) == 1, "a row")
            assert answered(owner, kept(owner)[0][0], answer="在线 12 辆")
            await until(lambda: len(platform.of(RollCallAnswer)) == 1, "the answer")
        assert platform.of(RollCallAnswer)[0].text == "在线 12 辆"

    asyncio.run(scene())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_supervision_is_answered_with_a_result(version: Version, owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(version).open()
        entered(owner, platform)
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(urged(due), VEHICLE)
            await until(lambda: len(kept(owner)) == 1, "a row")
            ((question, kind, facts, *_),) = kept(owner)
            assert (kind, facts["alarm"], facts["supervisor"]) == ("supervision", 2, "李四")
            assert facts["plate"] == (VEHICLE.plate if version is Version.V2011 else "")
            (stored,) = owner.execute("SELECT due_at FROM telemetry.question").fetchone() or (None,)
            assert stored == due
            assert answered(owner, question, result=1)
            await until(lambda: len(platform.of(SupervisionAnswer)) == 1, "the answer")
        (said,) = platform.of(SupervisionAnswer)
        assert (said.supervision_id, said.result) == (77, 1)

    asyncio.run(scene())


def test_an_answer_given_while_no_process_runs_goes_up_with_the_next(owner: Connection, fleet: Fleet) -> None:
    """Also after a kill: the question is a row."""

    async def scene() -> None:
        platform = await Platform(Version.V2019).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(call(Version.V2019))
            await until(lambda: len(kept(owner)) == 1, "a row")
        assert answered(owner, kept(owner)[0][0], answer="在岗")
        await platform.open()
        async with running(platform):
            await until(lambda: len(platform.of(RollCallAnswer)) == 1, "the answer")
            await until(lambda: kept(owner)[0][4] is not None, "its delivery")
        (said,) = platform.of(RollCallAnswer)
        assert (said.source_id, said.text) == (0x9301, "在岗")

    asyncio.run(scene())


def test_an_answer_that_was_not_read_is_sent_again(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011, echoes=False).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(call(Version.V2011))
            await until(lambda: len(kept(owner)) == 1, "a row")
            assert answered(owner, kept(owner)[0][0], answer="在岗")
            await until(lambda: len(platform.of(RollCallAnswer)) == 1, "the answer")
            assert kept(owner)[0][4] is None
            platform.echoes = True
            platform.cut()
            await until(lambda: len(platform.of(RollCallAnswer)) == 2, "the answer once more")
            await until(lambda: kept(owner)[0][4] is not None, "its delivery")

    asyncio.run(scene())


def test_a_question_repeated_is_one_row(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            for _ in range(2):
                platform._serial = 500
                platform.say(call(Version.V2011))
            platform.say(call(Version.V2011))
            await until(lambda: len(kept(owner)) == 2, "two rows")
            await asyncio.sleep(0.5)
            assert len(kept(owner)) == 2

    asyncio.run(scene())


def test_silence_is_no_answer(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2011).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(urged(datetime.now(UTC) + timedelta(seconds=1)), VEHICLE)
            await until(lambda: len(kept(owner)) == 1, "a row")
            await asyncio.sleep(1.2)
            assert not answered(owner, kept(owner)[0][0], result=1)
            await asyncio.sleep(0.5)
        assert platform.of(SupervisionAnswer) == []
        now = datetime.now(UTC)
        assert questions.counts(owner, [COMPANY], now) == (0, 1, 1)
        assert len(questions.note_silence(owner, COMPANY, now)) == 1
        assert questions.note_silence(owner, COMPANY, now) == []

    asyncio.run(scene())


def test_a_long_name_goes_as_far_as_its_field() -> None:
    assert fitting("郑值班") == "郑值班"
    assert fitting("a" + "买" * 12) == "a" + "买" * 7


def test_an_answer_that_does_not_fit_is_named(owner: Connection, fleet: Fleet) -> None:
    async def scene() -> None:
        platform = await Platform(Version.V2019).open()
        entered(owner, platform)
        async with running(platform):
            await until(lambda: platform.slave_up and state(owner) == ("up", ""), "both links")
            platform.say(call(Version.V2019))
            await until(lambda: len(kept(owner)) == 1, "a row")
            assert answered(owner, kept(owner)[0][0], answer="在" * 40_000)
            await until(lambda: problem(owner) != "", "why not")
        assert "超过" in problem(owner)
        assert platform.of(RollCallAnswer) == []

    def problem(owner: Connection) -> str:
        (words,) = owner.execute("SELECT problem FROM telemetry.question").fetchone() or ("",)
        return str(words)

    asyncio.run(scene())
