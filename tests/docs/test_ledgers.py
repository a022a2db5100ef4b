"""Each ledger that an assessor asks to see has its kinds of record."""

from __future__ import annotations

import re

from anze.records.lawbook import lawbook
from tests.docs.pages import CODE, ROOT

PAGE = (ROOT / "docs" / "ledgers.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:2] == "| "
]
ASKED = 55  # lines of the sheet's sections 一 to 八 that say 查资料


def kinds_in(cell: str) -> list[str]:
    return CODE.findall(cell)


def test_every_line_that_asks_for_papers_is_there_in_order() -> None:
    numbered = [row for row in ROWS if row[0].isdecimal()]
    assert [int(row[0]) for row in numbered] == list(range(1, ASKED + 1))
    sections = [re.match(r"[一二三四五六七八]", row[1]) for row in numbered]
    places = ["一二三四五六七八".index(found[0]) for found in sections if found]
    assert len(places) == ASKED
    assert places == sorted(places)


def test_every_ledger_names_kinds_that_exist() -> None:
    rows = [row for row in ROWS if row[-1].startswith("`")]
    assert len(rows) > ASKED
    for row in rows:
        names = kinds_in(row[-1])
        assert names, row
        assert [name for name in names if name not in lawbook().kinds] == [], row


def test_every_record_of_a_post_names_its_kinds() -> None:
    lines = [line for position in lawbook().positions.values() for line in position.records]
    assert [line.id for line in lines if not line.kinds] == []
