"""Is a paper valid: valid, running out, run out, or missing where it is asked?

Rule 1: the newest sealed record of a certificate speaks; an older one that lasts longer does not.
Rule 2: a paper holds for its last day; what prints no end holds as long as its kind lasts, or for good.
Rule 3: a state says since when and until when it holds; only the day, or a new record, changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from anze.rules.catalogue.dossier_model import Asked, Certificate, Paperwork, in_force
from anze.rules.catalogue.law import Citation
from anze.rules.periods import add_months


class Validity(StrEnum):
    VALID = "valid"
    SOON = "soon"  # within the days of warning
    OVER = "over"
    MISSING = "missing"  # asked of this person or vehicle, and no record is there
    UNASKED = "unasked"  # no record, and nobody asks for one


class Why(StrEnum):
    PRINTED = "printed"  # the end that the paper prints
    LASTS = "lasts"  # so many months from the day of the record
    ENDLESS = "endless"
    NOTHING = "nothing"
    BY_AGE = "by_age"  # the cycle of the class at the vehicle's age
    BY_TIME = "by_time"
    BY_DISTANCE = "by_distance"
    GUIDANCE = "guidance"  # the kilometres at which scrapping is advised
    UNKNOWN = "unknown"  # the class or the day of first registration is not on record


WORST_FIRST = (Validity.OVER, Validity.MISSING, Validity.SOON, Validity.VALID, Validity.UNASKED)


class Paper(NamedTuple):
    """The newest record of a certificate. `valid_until`: exclusive."""

    fact: int
    day: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """What is known of a person or vehicle when it is asked whether a paper is wanted."""

    trade: str
    driver: bool = False
    posts: frozenset[str] = frozenset()  # safety_manager
    vehicle_class: str = ""


class Standing(NamedTuple):
    """`expires`: the first day on which it no longer holds; `until`: the day on which the state changes."""

    state: Validity
    reason: Why
    since: date | None = None
    until: date | None = None
    expires: date | None = None
    fact: int | None = None
    cite: tuple[Citation, ...] = ()
    verified: str | None = None


def is_asked(asked: Asked, holder: Holder) -> bool:
    if asked.trades and holder.trade not in asked.trades:
        return False
    if asked.everybody or (asked.drivers and holder.driver):
        return True
    return bool(holder.posts & set(asked.posts)) or holder.vehicle_class in asked.classes


def newest(papers: Sequence[Paper]) -> Paper | None:
    """Of one day, the one recorded last."""
    return max(papers, key=lambda paper: (paper.day, paper.fact), default=None)


@lru_cache(maxsize=65_536)  # most papers of a large company end on the same few thousand days
def ahead(expires: date, days: int) -> date:
    """The first day of warning: so many days before the last day on which it holds."""
    return expires - timedelta(days=days + 1)


class Grounds(Protocol):
    """A dated entry with its citation."""

    @property
    def cite(self) -> tuple[Citation, ...]:
        """The clauses that say so."""

    @property
    def verified(self) -> str | None:
        """Who compared the number with its source."""


def running(
    expires: date,
    warned: date,
    on: date,
    *,
    since: date | None,
    reason: Why,
    fact: int | None = None,
    by: Grounds | None = None,
) -> Standing:
    """`warned`: the first day of warning."""
    cite, verified = (by.cite, by.verified) if by is not None else ((), None)
    if on >= expires:
        return Standing(Validity.OVER, reason, expires, None, expires, fact, cite, verified)
    if on >= warned:
        return Standing(Validity.SOON, reason, warned, expires, expires, fact, cite, verified)
    return Standing(Validity.VALID, reason, since, warned, expires, fact, cite, verified)


def standing_of(
    certificate: Certificate, paper: Paper | None, holder: Holder, on: date, *, warns: int | None = None
) -> Standing:
    """`warns`: days of warning that somebody chose in place of the certificate's own."""
    term = in_force(certificate.terms, on)
    if paper is None:
        asked = term is not None and is_asked(certificate.asked, holder)
        found = Standing(Validity.MISSING if asked else Validity.UNASKED, Why.NOTHING)
    elif (end := expiry(paper, term.lasts if term else None)) is None:
        found = Standing(Validity.VALID, Why.ENDLESS, paper.day, fact=paper.fact)
    else:
        reason = Why.PRINTED if paper.valid_until else Why.LASTS
        return ending(term, end, on, since=paper.day, reason=reason, fact=paper.fact, warns=warns)
    return cited(found, term.cite if term else (), term.verified if term else None)


def ending(
    term: Paperwork | None,
    expires: date,
    on: date,
    *,
    reason: Why,
    fact: int,
    since: date | None = None,
    warns: int | None = None,
) -> Standing:
    """Of a paper that holds until `expires`."""
    warned = ahead(expires, days_ahead(term, warns))
    return running(expires, warned, on, since=since, reason=reason, fact=fact, by=term)


def days_ahead(term: Paperwork | None, warns: int | None) -> int:
    """`warns`: days of warning that somebody chose in place of the certificate's own."""
    if warns is not None:
        return warns
    return term.warns if term else 0


def expiry(paper: Paper, lasts: int | None) -> date | None:
    """The first day on which the paper no longer holds; None: it holds for good."""
    if paper.valid_until is not None:
        return paper.valid_until
    return None if lasts is None else add_months(paper.day, lasts)


def warned(found: Standing, warns: int, on: date) -> Standing:
    """With days of warning that somebody chose; what kilometres or nothing decided stays as it is."""
    if found.expires is None or found.state not in (Validity.VALID, Validity.SOON):
        return found
    if found.reason is Why.GUIDANCE:
        return found
    since = found.since if found.state is Validity.VALID else None
    return running(
        found.expires,
        ahead(found.expires, warns),
        on,
        since=since,
        reason=found.reason,
        fact=found.fact,
        by=found,
    )


def cited(found: Standing, cite: tuple[Citation, ...], verified: str | None) -> Standing:
    return Standing(*found[:6], cite, verified)
