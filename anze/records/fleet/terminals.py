"""Terminals going into vehicles and coming out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.models import check_writable
from anze.records.acting.permissions import require
from anze.records.fleet.models import Vehicle
from anze.records.fleet.positions import raw_connection
from anze.records.journal.actions import Row, append, digest_of
from anze.telemetry import entering
from anze.telemetry.entering import Entry, InUse, NoTerminal


class InvalidTerminals(Refused):
    """`errors`: index in the list -> what is wrong, all at once; nothing was installed."""

    def __init__(self, errors: dict[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 台：{problem}" for index, problem in errors.items()))


@dataclass(frozen=True, slots=True)
class NewTerminal:
    phone: str  # the number in its header
    vehicle_id: int
    since: datetime
    plate_colour: int = 2


def install_terminals(*, company_id: int, terminals: Sequence[NewTerminal]) -> list[int]:
    """Ids of the installations; all or none. Raises NotFound, InvalidTerminals."""
    require("manage_people")
    check_writable(company_id)
    wanted = {new.vehicle_id for new in terminals}
    plates = dict(Vehicle.objects.filter(company=company_id, pk__in=wanted).values_list("pk", "plate"))
    if wanted - plates.keys():
        raise NotFound("没有这辆车。")
    with transaction.atomic():
        found = _install_all(company_id, terminals, plates)
    rows = [_row(number, new) for number, new in zip(found, terminals, strict=True)]
    if rows:
        append(action="fleet.install_terminal", rows=rows, company_id=company_id)
    return found


def _install_all(company_id: int, terminals: Sequence[NewTerminal], plates: dict[int, str]) -> list[int]:
    found, wrong = [], {}
    for index, new in enumerate(terminals):
        plate = plates[new.vehicle_id]
        entry = Entry(new.phone, company_id, new.vehicle_id, plate, new.plate_colour, new.since)
        try:
            found.append(entering.install(raw_connection(), entry))
        except NoTerminal:
            wrong[index] = f"“{new.phone}”不是终端手机号，应为不超过 20 位的数字。"
        except InUse:
            wrong[index] = f"终端 {new.phone} 在该时间已装在另一辆车上，请先拆除。"
    if wrong:
        raise InvalidTerminals(wrong)
    return found


def remove_terminal(*, company_id: int, installation_id: int, until: datetime) -> None:
    """From `until` on it is in the vehicle no longer."""
    require("manage_people")
    check_writable(company_id)
    if not entering.remove(raw_connection(), installation_id, until):
        raise NotFound("没有这台终端，或者它已拆除，或者拆除时间早于安装时间。")
    row: Row = ("telemetry.installation", installation_id, digest_of([str(until)]))
    append(action="fleet.remove_terminal", rows=[row], company_id=company_id)


def _row(installation_id: int, new: NewTerminal) -> Row:
    content = [new.phone, new.vehicle_id, str(new.since), new.plate_colour]
    return "telemetry.installation", installation_id, digest_of(content)
