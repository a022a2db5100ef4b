"""Overlays: what a place asks beyond the national text.

Rule 1: an overlay adds terms to requirements that exist; it never asks less than the text it lies over.
Rule 2: what was published is read as it was, whatever the text under it asks today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from anze.rules.catalogue.correction_entries import misreadings
from anze.rules.catalogue.model import Kind, Layer, Misreading, Overlay, Requirement, Term
from anze.rules.catalogue.nodes import Entry, Node, Text, items_of, pairs_of, refusal, text_of, word_of
from anze.rules.catalogue.shelf import Shelf
from anze.rules.catalogue.strength import weaker
from anze.rules.catalogue.term_entries import TermReader


def read_overlay(
    node: Node, shelf: Shelf, requirements: dict[str, Requirement], *, published: bool = False
) -> Overlay:
    entry = Entry(node, shelf.problems, ("id", "name", "areas", "trades", "terms"), ("corrects",))
    overlay = entry.text("id")
    terms = {}
    for key, value in pairs_of(entry["terms"]):
        terms[key.value] = _terms(key, value, shelf, requirements, overlay)
        if not published:
            _require_stricter(key, terms[key.value], requirements)
    return Overlay(
        id=overlay,
        name=entry.text("name"),
        areas=tuple(area_of(item) for item in items_of(entry["areas"])),
        trades=entry.words("trades", tuple(shelf.trades), "业态"),
        terms=terms,
        corrects=_corrects(entry, shelf, requirements) if "corrects" in entry else {},
    )


def _corrects(
    entry: Entry, shelf: Shelf, requirements: dict[str, Requirement]
) -> dict[str, tuple[Misreading, ...]]:
    found = {}
    for key, value in pairs_of(entry["corrects"]):
        if not shelf.problems.items:
            word_of(key, tuple(requirements), "要求")
        found[key.value] = misreadings(value, shelf.problems)
    if not found:
        raise entry.refusal("corrects", "更正是空的", "写明更正哪一项要求、哪一版本，或删去 corrects")
    return found


def area_of(node: Node) -> str:
    text = text_of(node)
    if not (text.isascii() and text.isdigit() and len(text) in {2, 4, 6}):
        raise refusal(node, f"“{text}”不是行政区划代码", "填写两位、四位或六位数字，如 3302")
    return text


def _terms(
    key: Text, node: Node, shelf: Shelf, requirements: dict[str, Requirement], overlay: str
) -> tuple[Term, ...]:
    if key.value not in requirements and shelf.problems.items:
        return ()  # its own file is broken, and says so
    word_of(key, tuple(requirements), "要求")
    requirement = requirements[key.value]
    if requirement.kind is Kind.COMMITTED:
        raise refusal(key, "企业明确的要求不能由地方规定给数", "在清单中把它改为定额或事件触发，再写地方要求")
    reader = TermReader(shelf, Layer.PLACE, (), ("every", "times", "within", "before"), overlay=overlay)
    return reader.terms(node)


def _require_stricter(key: Text, terms: tuple[Term, ...], requirements: dict[str, Requirement]) -> None:
    for term, base in _meetings(terms, requirements[key.value]) if terms else ():
        if weaker(term, base):
            day = max(term.since, base.since)
            raise refusal(key, f"{day} 起的地方要求低于清单原文", "地方要求只能更严，改为不低于原文的数值")


def _meetings(terms: tuple[Term, ...], requirement: Requirement) -> Iterator[tuple[Term, Term]]:
    """Each overlay term with each national term that it would speak over on some day."""
    days = {term.since for term in (*terms, *requirement.terms)}
    for day in sorted(days):
        over, under = in_force(terms, day), in_force(requirement.terms, day)
        if over and under:
            yield over, under


def in_force(terms: Sequence[Term], day: date) -> Term | None:
    """The newest term that is not after the day."""
    return next((term for term in reversed(terms) if term.since <= day), None)
