"""The worked frame and the numbers of docs/algorithms/wire.md are what the codec says."""

from __future__ import annotations

from anze.wire import frame, packages, session
from anze.wire.header import Header, Version, parse
from anze.wire.messages import MESSAGES
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "algorithms" / "wire.md").read_text("utf-8")


def test_the_worked_frame() -> None:
    rows = PAGE.partition("<!-- table: frame -->\n")[2].split("\n\n")[0].splitlines()[2:]
    bare = bytes.fromhex("".join(row.split("`")[1] for row in rows))
    assert parse(bare) == (Header(0x0002, "13912345678", 5, Version.V2013), b"")
    assert f"which is `{frame.check_code(bare):02x}`" in PAGE


def test_the_bounds() -> None:
    assert f"`LONGEST`, {frame.LONGEST:,} bytes" in PAGE
    assert f"`MOST_BYTES` ({packages.MOST_BYTES // 10**6} MB)" in PAGE
    assert f"of {session.MOST_TERMINALS:,} terminals" in PAGE
    assert (packages.WAIT, packages.ATTEMPTS) == (5.0, 3)
    assert "Five seconds" in PAGE


def test_the_number_of_messages_in_the_changelog() -> None:
    assert f"alarm attachments; {len(MESSAGES)} messages" in (ROOT / "CHANGELOG.md").read_text("utf-8")
