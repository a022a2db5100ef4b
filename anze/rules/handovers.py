"""Hand-over sheets (交接单): what is signed, by whom, and whether the sheet is done.

Rule 1: what is signed is one canonical text; its SHA-256 decides. The text holds a salt, so that the digest,
which the journal keeps, tells nothing of the names in it.
Rule 2: who leaves signs, everybody named as a receiver signs, and then somebody who answers for the company,
and is not the one who leaves, confirms.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class SheetPart(StrEnum):
    LEAVER = "leaver"  # 移交人
    RECEIVER = "receiver"  # 接收人
    CONFIRMER = "confirmer"  # 监交人


@dataclass(frozen=True, slots=True)
class SheetItem:
    """A duty or a draft that changes hands. `receiver`: person id."""

    kind: str  # duty draft
    title: str
    detail: str
    receiver: int
    receiver_name: str


@dataclass(frozen=True, slots=True)
class HandoverSheet:
    """Days as ISO text; `until`: the first day on which the post is no longer held, empty while not known."""

    company: str
    position: str
    leaver: int
    leaver_name: str
    since: str
    until: str
    receiver: int
    receiver_name: str
    items: tuple[SheetItem, ...]
    remarks: str
    salt: str

    @property
    def receivers(self) -> tuple[tuple[int, str], ...]:
        """Id and name, the successor first."""
        named = [(self.receiver, self.receiver_name), *((i.receiver, i.receiver_name) for i in self.items)]
        return tuple(dict.fromkeys(named))


def canonical_text(sheet: HandoverSheet) -> str:
    """One spelling for one content: JSON, keys in the order of the fields, no spaces."""
    return json.dumps(asdict(sheet), ensure_ascii=False, separators=(",", ":"))


def laid_out(text: str) -> HandoverSheet:
    """The inverse of `canonical_text`."""
    content = json.loads(text)
    items = tuple(SheetItem(**item) for item in content.pop("items"))
    return HandoverSheet(**content, items=items)


def missing(
    sheet: HandoverSheet, signed: Iterable[tuple[SheetPart, int]]
) -> list[tuple[SheetPart, int | None]]:
    """Who still has to sign, in order; None: anybody who may confirm."""
    done = set(signed)
    wanted = [(SheetPart.LEAVER, sheet.leaver), *((SheetPart.RECEIVER, key) for key, _ in sheet.receivers)]
    waiting: list[tuple[SheetPart, int | None]] = [each for each in wanted if each not in done]
    if not any(part is SheetPart.CONFIRMER for part, _ in done):
        waiting.append((SheetPart.CONFIRMER, None))
    return waiting


def may_sign(
    sheet: HandoverSheet, signed: Iterable[tuple[SheetPart, int]], person: int, *, confirms: bool
) -> SheetPart | None:
    """The part in which a person is to sign now. `confirms`: they answer for the company."""
    waiting = missing(sheet, signed)
    for part, who in waiting:
        if who == person:
            return part
    last = waiting == [(SheetPart.CONFIRMER, None)]
    return SheetPart.CONFIRMER if last and confirms and person != sheet.leaver else None
