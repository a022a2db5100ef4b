"""Certificates of a grade (达标等级证书): which one speaks on a day, and how it stands.

Rule 1: the newest that was issued by the day speaks; the earlier ones are replaced by it.
Rule 2: a change (暂停、撤销、恢复) is of the certificate whose number it names. A suspension holds until
it is restored; what was withdrawn stays so.
Rule 3: a certificate holds for its last day. Each standing says since when and until when it holds without
new facts, and because of which records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anze.rules.dossiers.validity import ahead


class Step(StrEnum):
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class Validity(StrEnum):
    VALID = "valid"
    SOON = "soon"  # within the days of warning
    OVER = "over"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Certificate:
    """`valid_until`: exclusive."""

    fact: int
    number: str
    grade: str
    issued: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Change:
    fact: int
    number: str
    day: date  # from which it holds
    step: Step


@dataclass(frozen=True, slots=True)
class Standing:
    certificate: Certificate
    state: Validity
    since: date
    until: date | None
    because: tuple[int, ...]


def standings(
    certificates: Iterable[Certificate], changes: Sequence[Change], on: date, *, warns: int
) -> tuple[Standing, ...]:
    """Of all issued by the day, the newest first. `warns`: days of warning before the end."""
    known = sorted((c for c in certificates if c.issued <= on), key=lambda c: (c.issued, c.fact))
    later: Certificate | None = None
    found = []
    for certificate in reversed(known):
        found.append(_standing(certificate, later, _last(certificate, changes, on), on, warns))
        later = certificate
    return tuple(found)


def unmatched(certificates: Iterable[Certificate], changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes that name the number of no certificate here."""
    known = {same(certificate.number) for certificate in certificates}
    return tuple(change for change in changes if same(change.number) not in known)


def same(number: str) -> str:
    """A number as it is compared: spaces, case and the sort of dash say nothing."""
    return "".join(number.split()).upper().translate({ord(dash): "-" for dash in "－–—―‐"})


def _last(certificate: Certificate, changes: Iterable[Change], on: date) -> Change | None:
    own = [c for c in changes if c.day <= on and same(c.number) == same(certificate.number)]
    withdrawn = [c for c in own if c.step is Step.WITHDRAWN]
    return withdrawn[0] if withdrawn else max(own, key=lambda c: (c.day, c.fact), default=None)


def _standing(
    certificate: Certificate, later: Certificate | None, change: Change | None, on: date, warns: int
) -> Standing:
    end = certificate.valid_until
    facts: tuple[int, ...] = (certificate.fact,)
    if change is not None and change.step is Step.WITHDRAWN:
        return Standing(certificate, Validity.WITHDRAWN, change.day, None, (*facts, change.fact))
    if later is not None:
        return Standing(certificate, Validity.REPLACED, later.issued, None, (*facts, later.fact))
    if on >= end:
        return Standing(certificate, Validity.OVER, end, None, facts)
    if change is not None:
        facts = (*facts, change.fact)
        if change.step is Step.SUSPENDED:
            return Standing(certificate, Validity.SUSPENDED, change.day, end, facts)
    warned = ahead(end, warns)
    if on >= warned:
        return Standing(certificate, Validity.SOON, warned, end, facts)
    since = certificate.issued if change is None else change.day
    return Standing(certificate, Validity.VALID, since, warned, facts)
