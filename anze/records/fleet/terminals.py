"""Terminals going into vehicles and coming out of them, and what is known of each.

Rule: a terminal is in one vehicle at a time, of whichever company; a vehicle has one terminal at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from anze.records.acting.context import SHANGHAI, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.models import check_writable
from anze.records.acting.permissions import require
from anze.records.fleet.models import Vehicle
from anze.records.fleet.positions import raw_connection
from anze.records.journal.actions import Row, append, digest_of
from anze.telemetry import entering, queries
from anze.telemetry.entering import Description, Entry, InUse, NoTerminal, Occupied
from anze.telemetry.queries import Fitted

__all__ = ["Description", "Fitted", "NewTerminal"]

YELLOW = 2
UNKNOWN = Description()


class InvalidTerminals(Refused):
    """`errors`: index in the list -> what is wrong, all at once; nothing was installed."""

    def __init__(self, errors: dict[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 台：{problem}" for index, problem in errors.items()))


class TerminalChanged(Refused):
    """Somebody else saved after this form was opened."""


class Wrong(Refused):
    """A period or a number that cannot be."""


@dataclass(frozen=True, slots=True)
class NewTerminal:
    phone: str  # the number in its header
    vehicle_id: int
    since: datetime
    plate_colour: int = YELLOW
    until: datetime | None = None
    description: Description = UNKNOWN


def terminals_of(vehicle_id: int) -> list[Fitted]:
    """Those that are, were or will be in the vehicle, the newest first."""
    require("see_company")
    return queries.fitted(raw_connection(), current().reads, vehicle_id=vehicle_id)


def terminal(installation_id: int, *, vehicle_id: int | None = None) -> Fitted:
    """Raises NotFound out of scope, and where it is another vehicle's."""
    require("see_company")
    asked = installation_id if 0 < installation_id < 2**63 else 0
    found = queries.fitted(raw_connection(), current().reads, installation_id=asked)
    if not found or vehicle_id not in (None, found[0].vehicle_id):
        raise NotFound("没有这台终端。")
    return found[0]


def mark(found: Fitted) -> str:
    """What a form has seen: another one when somebody has saved since."""
    return digest_of([str(value) for value in found])[:16]


def install_terminals(*, company_id: int, terminals: Sequence[NewTerminal]) -> list[int]:
    """Ids of the installations; all or none. Raises NotFound, InvalidTerminals."""
    require("manage_people")
    check_writable(company_id)
    with transaction.atomic():
        vehicles = _vehicles(company_id, {new.vehicle_id for new in terminals})
        found, wrong = [], {}
        for index, new in enumerate(terminals):
            try:
                found.append(_install(company_id, new, vehicles[new.vehicle_id]))
            except Wrong as refusal:
                wrong[index] = str(refusal)
        if wrong:
            raise InvalidTerminals(wrong)
    rows = [_row(number, new) for number, new in zip(found, terminals, strict=True)]
    if rows:
        append(action="fleet.install_terminal", rows=rows, company_id=company_id)
    return found


def change_terminal(*, company_id: int, installation_id: int, seen: str, new: NewTerminal) -> None:
    """The number and the vehicle stay; all else can be put right. Raises TerminalChanged, Wrong."""
    require("manage_people")
    check_writable(company_id)
    with transaction.atomic():
        found = terminal(installation_id)
        vehicle = _vehicles(company_id, {found.vehicle_id})[found.vehicle_id]
        found = terminal(installation_id)  # as it stands now that nobody else can move it
        if mark(found) != seen:
            raise TerminalChanged(
                "您打开页面之后，别人修改过这台终端的资料，本次没有保存。"
                "您填写的内容还在，请对照现有资料核对后再保存。"
            )
        new = replace(new, phone=found.phone, vehicle_id=found.vehicle_id)
        entry = _entry(company_id, new, vehicle)
        _check(entry, vehicle, but=installation_id)
        try:
            entering.move(raw_connection(), company_id, installation_id, entry)
        except InUse:
            raise Wrong(_elsewhere(entry.phone)) from None
        _describe(found.terminal_id, new.description, known=_known(found))
    append(action="fleet.change_terminal", rows=[_row(installation_id, new)], company_id=company_id)


def remove_terminal(*, company_id: int, installation_id: int, until: datetime) -> None:
    """From `until` on it is in the vehicle no longer."""
    require("manage_people")
    check_writable(company_id)
    if not entering.remove(raw_connection(), installation_id, until):
        raise NotFound("没有这台终端，或者它已拆除，或者拆除时间早于安装时间。")
    row: Row = ("telemetry.installation", installation_id, digest_of([str(until)]))
    append(action="fleet.remove_terminal", rows=[row], company_id=company_id)


def _vehicles(company_id: int, wanted: set[int]) -> dict[int, Vehicle]:
    """Held until the end of the transaction: two forms must not fill one vehicle twice."""
    rows = Vehicle.objects.select_for_update().filter(company=company_id, pk__in=wanted).order_by("pk")
    found = {vehicle.pk: vehicle for vehicle in rows}
    if wanted - found.keys():
        raise NotFound("没有这辆车。")
    return found


def _entry(company_id: int, new: NewTerminal, vehicle: Vehicle) -> Entry:
    return Entry(new.phone, company_id, vehicle.pk, vehicle.plate, new.plate_colour, new.since, new.until)


def _install(company_id: int, new: NewTerminal, vehicle: Vehicle) -> int:
    entry = _entry(company_id, new, vehicle)
    _check(entry, vehicle)
    try:
        made = entering.install(raw_connection(), entry)
    except NoTerminal:
        raise Wrong(f"“{new.phone}”不是终端手机号，应为不超过 20 位的数字。") from None
    except InUse as refusal:
        raise Wrong(_elsewhere(str(refusal))) from None
    known = _known(terminal(made.id))  # from an earlier vehicle: what is left empty now stays
    typed = {name: value for name, value in new.description._asdict().items() if value}
    said = known._replace(**typed)
    _describe(made.terminal_id, said, known=known)
    return made.id


def _check(entry: Entry, vehicle: Vehicle, *, but: int | None = None) -> None:
    """Raises Wrong for what the company itself can see to be in the way."""
    first = entry.since.astimezone(SHANGHAI).date()
    if entry.until is not None and entry.until <= entry.since:
        raise Wrong("拆除时间应晚于安装时间。")
    if first < vehicle.since:
        raise Wrong(f"安装时间早于车辆入册日期 {vehicle.since}。")
    if vehicle.until is not None and first >= vehicle.until:
        raise Wrong(f"该车已于 {vehicle.until} 退出。")
    taken = entering.during(raw_connection(), current().reads, entry, but=but)
    own = [found for found in taken if found.vehicle_id == entry.vehicle_id]
    for found in taken:
        if found not in own:
            raise Wrong(
                f"终端 {found.phone} 在该时间已装在另一辆车上："
                f"{found.plate}，{_period(found)}。请先登记拆除。"
            )
    for found in own:
        raise Wrong(f"该车在这段时间已装有终端 {found.phone}，{_period(found)}。请先登记它的拆除时间。")


def _period(found: Occupied) -> str:
    since = f"{found.since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if found.until is None:
        return f"{since} 起"
    return f"{since} 至 {found.until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _elsewhere(phone: str) -> str:
    return f"终端 {phone} 在该时间已装在另一辆车上，不是本企业的车。请核对号码，或请原企业登记拆除。"


def _describe(terminal_id: int, description: Description, *, known: Description) -> None:
    if description != known and not entering.describe(raw_connection(), terminal_id, description):
        raise Wrong("这台终端现在装在另一家企业的车上，只能修改安装和拆除时间。")


def _known(found: Fitted) -> Description:
    return Description(found.device_id, found.maker, found.model, found.protocol, found.sim)


def _row(installation_id: int, new: NewTerminal) -> Row:
    content = [
        new.phone, new.vehicle_id, str(new.since), str(new.until), new.plate_colour,
        [str(value) for value in new.description],
    ]  # fmt: skip
    return "telemetry.installation", installation_id, digest_of(content)
