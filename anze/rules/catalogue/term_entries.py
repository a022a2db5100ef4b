"""Dated numbers: `terms:` tables of duty files, overlays and limits.

Rule 1: every term stands under the day it applies from, ascending, with its citation and `verified`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from anze.rules.catalogue.model import Citation, Every, Layer, Limit, LimitUnit, Term
from anze.rules.catalogue.nodes import Entry, Node, choice_of, count_of, day_of, pairs_of, refusal, text_of
from anze.rules.catalogue.shelf import Shelf, citations

_LIMIT = re.compile(r"(\d+) (hour|day|workday|month)s?", re.ASCII)


def limit_of(node: Node) -> Limit:
    """`1 hour`, `15 workdays`, `6 months`."""
    match = _LIMIT.fullmatch(text_of(node))
    if match is None:
        raise refusal(
            node, f"“{text_of(node)}”不是期限", "按“1 hour、3 days、7 workdays、6 months”的样子填写"
        )
    return Limit(int(match[1]), LimitUnit(match[2]))


class TermReader:
    """Reads the terms of one requirement."""

    def __init__(
        self, shelf: Shelf, layer: Layer, required: Sequence[str], optional: Sequence[str],
        printed: Citation | None = None, overlay: str | None = None,
    ) -> None:  # fmt: skip
        self.shelf = shelf
        self.layer = layer
        self.required = ("cite", "verified", *required)
        self.optional = optional
        self.printed = printed
        self.overlay = overlay

    def terms(self, node: Node) -> tuple[Term, ...]:
        """Day -> term, ascending, at least one."""
        terms: list[Term] = []
        for key, value in pairs_of(node):
            since = day_of(key)
            if terms and since <= terms[-1].since:
                raise refusal(key, f"日期 {since} 不晚于上一条 {terms[-1].since}", "按生效日期从早到晚排列")
            terms.append(self.term(value, since))
        if not terms:
            raise refusal(node, "没有任何期次", "至少写一条“生效日期: {…}”")
        return tuple(terms)

    def term(self, node: Node, since: date) -> Term:
        entry = Entry(node, self.shelf.problems, self.required, self.optional)
        return Term(
            since=since,
            cite=citations(entry["cite"], self.shelf, self.printed),
            layer=self.layer,
            every=choice_of(entry["every"], Every, "周期") if "every" in entry else None,
            times=count_of(entry["times"]) if "times" in entry else 1,
            within=limit_of(entry["within"]) if "within" in entry else None,
            before=limit_of(entry["before"]) if "before" in entry else None,
            verified=entry.verified(),
            overlay=self.overlay,
        )
