"""Of most vehicles of a large fleet nothing is due: said by comparing days, without working anything out.

Rule 1: `quiet` is never wrong: what it passes over is valid by the rules of cycles and scrapping.
Rule 2: it may look at more than it must, by a few days at the ends of months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from anze.rules.catalogue.dossier_model import Upkeep, VehicleClass, in_force
from anze.rules.dossiers.validity import Paper
from anze.rules.dossiers.vehicle_cycles import Maintained, Reading
from anze.rules.periods import add_months

MARGIN = timedelta(days=4)  # months of different lengths


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days after which a test, a maintenance or a registration is too recent to matter; None: look at all.

    `maintained`: level -> that day, and the kilometres below which distance asks for nothing.
    """

    tested: date | None = None
    maintained: Mapping[str, tuple[date, int]] = field(default_factory=dict)
    registered: date | None = None
    kilometres: int | None = None  # of scrapping

    def test(self, test: Paper | None) -> bool:
        """The next test that a report prints has to be looked at."""
        if test is None or test.valid_until is not None or self.tested is None:
            return False
        return test.day > self.tested

    def upkeep(self, level: str, last: Maintained | None, reading: Reading | None) -> bool:
        if last is None or level not in self.maintained:
            return False
        after, kilometres = self.maintained[level]
        if reading is None or last.kilometres is None:
            return last.day > after
        return last.day > after and reading.kilometres - last.kilometres < kilometres

    def scrapping(self, registered: date | None, reading: Reading | None) -> bool:
        if self.registered is None or registered is None or registered <= self.registered:
            return False
        return reading is None or self.kilometres is None or reading.kilometres < self.kilometres


def quiet_days(known: VehicleClass, on: date, *, warns: int | None = None) -> Quiet:
    """`warns`: days of warning that somebody chose in place of each rule's own."""
    test, scrap = in_force(known.tests, on), in_force(known.scraps, on)
    tested = registered = None
    if test is not None:
        horizon = on + timedelta(days=1 + (test.warns if warns is None else warns)) + MARGIN
        tested = add_months(horizon, -min(band.every for band in test.bands))
    if scrap is not None and scrap.years is not None:
        near = add_months(on, scrap.warns) if warns is None else on + timedelta(days=1 + warns)
        registered = add_months(near + MARGIN, -12 * scrap.years)
    terms = {level: in_force(found, on) for level, found in known.upkeep.items()}
    maintained = {level: _maintained(term, on, warns) for level, term in terms.items() if term is not None}
    return Quiet(tested, maintained, registered, scrap.kilometres if scrap else None)


def _maintained(term: Upkeep, on: date, warns: int | None) -> tuple[date, int]:
    ahead = term.warns if warns is None else warns
    return on + timedelta(days=1 + ahead - term.days), term.kilometres
