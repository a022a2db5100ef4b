"""How long a certificate of a grade lasts, when its end is warned of, and by when a yearly report is owed."""

from __future__ import annotations

import re
from datetime import date

from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    day_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
)
from anze.rules.catalogue.schemes import CertificateTerm, DayOfYear
from anze.rules.catalogue.shelf import Shelf, citations

_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
_COMMON_YEAR = 2001  # a day that every year has
_KEYS = ("months", "warns", "report_by", "exempt_from", "cite", "verified")


def read_certificate_terms(node: Node, shelf: Shelf) -> tuple[CertificateTerm, ...]:
    entry = Entry(node, shelf.problems, ("id", "name", "terms"))
    word_of(entry["id"], ("standardization",), "文件")
    found: list[CertificateTerm] = []
    for key, value in pairs_of(entry["terms"]):
        term = _term(key, value, shelf)
        if found and term.since <= found[-1].since:
            raise refusal(key, "日期没有从早到晚", "按日期先后排列，每个日期只写一次")
        found.append(term)
    if not found:
        raise entry.refusal("terms", "没有任何规定", "至少写一个日期")
    return tuple(found)


def _term(key: Text, node: Node, shelf: Shelf) -> CertificateTerm:
    entry = Entry(node, shelf.problems, _KEYS)
    return CertificateTerm(
        since=day_of(key),
        months=count_of(entry["months"]),
        warns=count_of(entry["warns"], 0),
        report_by=_day_of_year(entry["report_by"]),
        exempt_from=_day_of_year(entry["exempt_from"]),
        cite=citations(entry["cite"], shelf),
        verified=entry.verified(),
    )


def _day_of_year(node: Node) -> DayOfYear:
    match = _DAY.fullmatch(text_of(node))
    try:
        if match is None:
            raise ValueError
        day = date(_COMMON_YEAR, int(match[1]), int(match[2]))
    except ValueError:
        raise refusal(node, f"“{text_of(node)}”不是一年中的一天", "按“01-31”的样子填写") from None
    return DayOfYear(day.month, day.day)
