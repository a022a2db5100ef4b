"""The rows of the page that says who has signed: holders, people without a list, posts without a holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anze.records.acting.paging import PAGE_SIZE, Page
from anze.records.signatures import queries as signatures
from anze.records.signatures.queries import Coverage
from anze.rules.catalogue.model import Position
from anze.rules.signatures import SignatureState

SHOWN = {
    "": "全部任职人",
    "unsigned": "未签署",
    "signed": "已签署",
    "unlisted": "没有清单的人员",
    "vacant": "空缺的岗位",
}
WORDS = {
    SignatureState.SIGNED: ("met", "已签署"),
    SignatureState.AGAIN: ("open", "须重新签署"),
    SignatureState.UNSIGNED: ("open", "未签署"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of any of the lists. `look`: the state whose colour and icon it takes."""

    name: str
    position: Position | None
    look: str
    label: str
    since: date | None = None
    note: str = ""
    signature_id: int | None = None


def rows_of(company_id: int, shown: str, coverage: Coverage) -> list[Row]:
    if shown == "vacant":
        return [Row("", position, "missed", "空缺") for position in coverage.vacant]
    if shown == "unlisted":
        return [
            Row(name, None, "none", "没有清单", note="驾驶员" if driver else "未担任清单中的岗位")
            for _, name, driver in signatures.unlisted(company_id)
        ]
    found = signatures.standings(company_id)
    if shown:
        found = [row for row in found if row.signed == (shown == "signed")]
    return [holder_row(row) for row in sorted(found, key=lambda row: row.signed)]


def holder_row(row: signatures.HolderStanding) -> Row:
    look, label = WORDS[row.state]
    notes = {
        SignatureState.SIGNED: "签署",
        SignatureState.AGAIN: "签署过，此后清单有更新",
        SignatureState.UNSIGNED: "任职起未签署",
    }
    return Row(row.person_name, row.position, look, label, row.since, notes[row.state], row.signature_id)


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(1, number), pages)
    return Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages, len(rows))
