"""The posts beside the principal and the safety managers: their routine, their days and what came up."""

from __future__ import annotations

from anze.cli.demo import affairs, regulars
from anze.cli.demo.daily import daily
from anze.cli.demo.founding import declared, founding
from anze.cli.demo.story import Happening, Teller
from anze.cli.demo.tables_affairs import OFFICES, ROUTES, VEHICLES
from anze.cli.demo.tables_alarms import ALARMS
from anze.cli.demo.tables_leaders import OTHER_DEPUTY, SAFETY_DEPUTY, SAFETY_HEAD
from anze.cli.demo.tables_offices import ADMIN_HEAD, OPERATIONS_HEAD
from anze.cli.demo.tables_technical import MONITORED, TECHNOLOGY

REGULARS = (
    *SAFETY_DEPUTY, *OTHER_DEPUTY, *SAFETY_HEAD, *ADMIN_HEAD, *OPERATIONS_HEAD, *TECHNOLOGY, *MONITORED,
)  # fmt: skip
AFFAIRS = (*OFFICES, *ROUTES, *VEHICLES, *ALARMS)


def posts(teller: Teller) -> list[Happening]:
    told = [
        *founding(teller),
        *regulars.tell(teller, REGULARS),
        *affairs.tell(teller, AFFAIRS),
        *daily(teller),
    ]
    return told + [happening for year in teller.days.years() for happening in declared(teller, year)]
