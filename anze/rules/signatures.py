"""The list of a post as it is signed, and how each holder stands towards it.

Rule 1: what is signed are the three lists as printed, with the demands read out of each line and the numbers
the list itself gives them, and below the duties what the company asks of the post on its own. A stricter
number of a place or the company is dated law beside the list, not the list.
Rule 2: a signature belongs to one holding: who takes a post over, or takes it up again, signs anew.
Rule 3: it stands for as long as the digest of the text is the same. A new edition with the same words asks
nothing; changed words ask everybody again.

The words of this module are part of what is signed: changing one makes every holder sign again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from anze.rules.catalogue.model import Every, Limit, LimitUnit, Line, Position, Requirement, Term
from anze.rules.posts import Holding

_EVERY = {
    Every.DAY: "每日",
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF_YEAR: "每半年",
    Every.YEAR: "每年",
}
_UNITS = {
    LimitUnit.HOUR: "小时",
    LimitUnit.DAY: "日",
    LimitUnit.WORKDAY: "个工作日",
    LimitUnit.MONTH: "个月",
}


class SignatureState(StrEnum):
    SIGNED = "signed"
    AGAIN = "sign_again"  # an earlier text was signed; the list has changed since
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Signature:
    """`id` is the record's own; `digest` is of the text that was signed."""

    id: int
    holding: int
    digest: str
    on: date


@dataclass(frozen=True, slots=True)
class SignatureStanding:
    """`since`: of a signed one the day of signing, of an unsigned one the first day in the post, of one to
    be signed again the day of the last signature. `signature`: the one that stands, or the last one.
    """

    holding: int
    state: SignatureState
    since: date
    signature: int | None = None


@dataclass(frozen=True, slots=True)
class SheetLine:
    number: str
    text: str
    demands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetList:
    name: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A signed or signable text, laid out again for the page."""

    position: str
    name: str
    description: str
    source: str
    lists: tuple[SheetList, ...]


def canonical_text(position: Position) -> str:
    """One spelling for one content: JSON, keys in fixed order, no spaces."""
    lists = (
        ("责任清单", position.responsibilities),
        ("履职清单", position.duties),
        ("履职记录", position.records),
    )
    content = {
        "position": position.id,
        "name": position.name,
        "description": position.description,
        "source": str(position.source),
        "lists": [{"name": name, "lines": [_line(line) for line in lines]} for name, lines in lists],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def text_digest(text: str) -> str:
    """SHA-256 in hex."""
    return sha256(text.encode()).hexdigest()


def laid_out(text: str) -> Sheet:
    """The inverse of `canonical_text`."""
    content = json.loads(text)
    lists = tuple(
        SheetList(
            each["name"],
            tuple(SheetLine(line["number"], line["text"], tuple(line["demands"])) for line in each["lines"]),
        )
        for each in content["lists"]
    )
    return Sheet(content["position"], content["name"], content["description"], content["source"], lists)


def signature_standings(
    holdings: Iterable[Holding], digests: Mapping[str, str], signatures: Sequence[Signature], on: date
) -> list[SignatureStanding]:
    """Of each holding on the day whose position has a list. `digests`: position -> digest of its list now."""
    by_holding: dict[int, list[Signature]] = {}
    for signature in signatures:
        by_holding.setdefault(signature.holding, []).append(signature)
    return [
        _standing(holding, digests[holding.position], by_holding.get(holding.id, ()))
        for holding in holdings
        if holding.span.holds(on) and holding.position in digests
    ]


def _standing(holding: Holding, digest: str, signatures: Sequence[Signature]) -> SignatureStanding:
    if not signatures:
        return SignatureStanding(holding.id, SignatureState.UNSIGNED, holding.span.since)
    for signature in signatures:
        if signature.digest == digest:
            return SignatureStanding(holding.id, SignatureState.SIGNED, signature.on, signature.id)
    last = max(signatures, key=lambda signature: (signature.on, signature.id))
    return SignatureStanding(holding.id, SignatureState.AGAIN, last.on, last.id)


def _line(line: Line) -> dict[str, object]:
    return {"number": line.number, "text": line.text, "demands": [_demand(r) for r in line.requirements]}


def _demand(requirement: Requirement) -> str:
    words = "；".join(filter(None, (_numbers(term) for term in requirement.terms)))
    return f"{requirement.text}（{words}）" if words else requirement.text


def _numbers(term: Term) -> str:
    said = []
    if term.every is not None:
        said.append(f"{_EVERY[term.every]}至少{term.times}次")
    if term.within is not None:
        said.append(f"{_limit(term.within)}内")
    if term.before is not None:
        said.append(f"提前{_limit(term.before)}" if term.before.amount else "事前")
    return f"自{term.since}起，{'，'.join(said)}" if said else ""


def _limit(limit: Limit) -> str:
    return f"{limit.amount}{_UNITS[limit.unit]}"
