"""When a vehicle must be scrapped, and which are near it.

Rule 1: the years of its class, from first registration, are compulsory.
Rule 2: the kilometres of its class are guidance: they put it on the watch list, never over the end.
机动车强制报废标准规定.
"""

from __future__ import annotations

from datetime import date

from anze.rules.catalogue.dossier_model import VehicleClass, in_force
from anze.rules.dossiers.validity import Standing, Validity, Why, cited, running
from anze.rules.dossiers.vehicle_cycles import Reading
from anze.rules.periods import add_months

NEAR = frozenset({Validity.SOON, Validity.OVER})


def scrapping(
    known: VehicleClass | None, registered: date | None, reading: Reading | None, on: date
) -> Standing:
    term = in_force(known.scraps, on) if known else None
    if term is None or registered is None:
        return Standing(Validity.UNASKED, Why.UNKNOWN)
    found = Standing(Validity.VALID, Why.ENDLESS, registered, cite=term.cite, verified=term.verified)
    if term.years is not None:
        ends = add_months(registered, term.years * 12)
        warned = add_months(ends, -term.warns)
        found = running(ends, warned, on, since=registered, reason=Why.BY_TIME, by=term)
    beyond = term.kilometres is not None and reading is not None and reading.kilometres >= term.kilometres
    if beyond and found.state is Validity.VALID:
        assert reading is not None, "what is beyond was read"
        watched = Standing(Validity.SOON, Why.GUIDANCE, reading.day, found.until, found.expires)
        return cited(watched, term.cite, term.verified)
    return found
