"""The worked frame, the marks and the numbers of docs/algorithms/jt809.md are what the codec says."""

from __future__ import annotations

from anze.wire.header import Version
from anze.wire.jt809 import frame, questions
from anze.wire.jt809.account import Timing
from anze.wire.jt809.header import parse
from anze.wire.jt809.messages import MESSAGES, decode
from anze.wire.jt809.messages.vehicles import VehicleRegistrationAnswer
from anze.wire.jt809.tables import VERSIONS
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "algorithms" / "jt809.md").read_text("utf-8")


def table(name: str) -> list[list[str]]:
    rows = PAGE.partition(f"<!-- table: {name} -->\n")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_worked_frame() -> None:
    bare = bytes.fromhex("".join(row[0].strip("`") for row in table("frame")))
    header, body = parse(bare, Version.V2019)
    assert (header.message_id, header.serial, header.platform) == (0x9200, 0x457, 0x457)
    assert decode(header.message_id, body, header.version).message == VehicleRegistrationAnswer(
        source_id=0x400, source_serial=0x400, result=1
    )
    assert f"which is `{frame.check_code(bare):04x}`" in PAGE
    assert PAGE.replace(" ", "").count(bare.hex()) == 1


def test_the_marks() -> None:
    assert table("marks") == [
        [
            f"0x{message_id:04X}",
            known.TITLE,
            *("verified" if version in known.VERIFIED else "" for version in VERSIONS),
        ]
        for message_id, known in sorted(MESSAGES.items())
    ]


def test_the_bounds_and_waits() -> None:
    timing = Timing()
    assert f"`LONGEST`, {frame.LONGEST:,} bytes" in PAGE
    assert f"and {questions.MOST_QUESTIONS} questions" in PAGE
    assert f"for {timing.keep_alive:.0f} seconds" in PAGE
    assert f"for {timing.silence:.0f} is given up" in PAGE
    waits = [f"{timing.retry(n):.0f}" for n in (1, 2, 3, 99)]
    assert "after {} seconds, {}, {}, at most {}.".format(*waits) in PAGE


def test_the_number_of_messages_in_the_changelog() -> None:
    assert f"texts; {len(MESSAGES)} messages" in (ROOT / "CHANGELOG.md").read_text("utf-8")
