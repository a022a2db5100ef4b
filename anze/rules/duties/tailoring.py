"""What a company may set itself for a demand that law or place has already put in numbers.

Rule 1: only numbers can be set: how often, how many, how soon. A state without a limit and an invitation have
none.
Rule 2: the company's number is at least as strict as text and place on every day on which it would speak,
those included whose change is already known.
Rule 3: at least on its first day it asks more than they do; otherwise there is nothing to set.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from anze.rules.catalogue.model import Kind, Requirement, Term
from anze.rules.catalogue.strength import weaker
from anze.rules.duties.own import CITE
from anze.rules.duties.terms import Rulebook

CONVENTIONS = "anze.conventions"  # numbers that neither list nor law prints


class Forbidden(NamedTuple):
    """From this day on the company's number would be below this term."""

    day: date
    by: Term


def tailorable(book: Rulebook, requirement: Requirement, day: date) -> Term | None:
    """The strictest of text and place on a day, when it holds a number; None: nothing can be set."""
    if requirement.kind is Kind.COMMITTED or (requirement.ends is not None and requirement.ends <= day):
        return None
    asked = next(iter(book.asked_of(requirement, day)), None)
    return asked if asked and (asked.every or asked.within or asked.before) else None


def of_law(book: Rulebook, requirement: Requirement, day: date) -> bool:
    """Does the demand rest on a law, regulation or standard, and not on the published list alone?"""
    instruments = {c.instrument for t in book.asked_of(requirement, day) for c in t.cite}
    instruments |= {c.instrument for c in requirement.cite}
    lists = {p.source.instrument for p in book.catalogue.positions.values()}
    return bool(instruments - lists - {CONVENTIONS, CITE.instrument})


def forbidden(book: Rulebook, requirement: Requirement, term: Term, until: date | None) -> Forbidden | None:
    """The first text that the number would fall below, from its first day up to `until`."""
    known = book.days_of_change(requirement)
    days = [term.since, *(day for day in known if term.since < day and (until is None or day < until))]
    for day in days:
        for asked in book.asked_of(requirement, day):
            if weaker(term, asked):
                return Forbidden(day, asked)
    return None


def stricter(term: Term, asked: Term) -> bool:
    return weaker(asked, term)
