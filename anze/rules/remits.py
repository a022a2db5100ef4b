"""Which units lie in whose remit (分管范围), and who is a person's superior.

Rule 1: a unit belongs to the remit that names it; while none does, to that of the unit above it.
Rule 2: nobody is in charge of a unit and nobody's superior outside the span of the remit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from anze.rules.posts import Remit, Span


def spread(remits: Sequence[Remit], parents: Mapping[int, int | None]) -> list[Remit]:
    """The remits with what they reach below. `parents`: every unit -> the unit above it."""
    own: dict[int, list[Remit]] = {}
    for remit in remits:
        own.setdefault(remit.unit, []).append(remit)
    return [remit for unit in parents for remit in _reaching(unit, own, parents)]


def in_charge(unit: int, on: date, remits: Iterable[Remit]) -> int | None:
    """The holding in charge of a unit on a day, of remits that were `spread`."""
    return next((r.holding for r in remits if r.unit == unit and r.span.holds(on)), None)


def _reaching(unit: int, own: Mapping[int, list[Remit]], parents: Mapping[int, int | None]) -> list[Remit]:
    found: list[Remit] = []
    above: int | None = unit
    seen: set[int] = set()
    while above is not None and above not in seen:
        seen.add(above)
        for remit in own.get(above, ()):
            free = [remit.span]
            for taken in [each.span for each in found]:
                free = [rest for span in free for rest in without(span, taken)]
            found.extend(Remit(remit.holding, unit, span) for span in free)
        above = parents.get(above)
    return found


def without(span: Span, taken: Span) -> Iterator[Span]:
    """What is left of a span when the days of another are taken out."""
    if span.since < taken.since:
        yield Span(span.since, taken.since if span.until is None else min(span.until, taken.since))
    if taken.until is not None and (span.until is None or taken.until < span.until):
        yield Span(max(span.since, taken.until), span.until)
