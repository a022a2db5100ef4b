"""Standing driver–vehicle pairs (人车结对): who usually takes which vehicle out, over a span of days.

A vehicle may have several drivers, by shifts, and a driver several vehicles; one pair stands once at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from anze.records.acting.context import current
from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.fleet.models import Pair, Vehicle
from anze.records.journal.actions import Row, append, digest_of
from anze.records.people.models import Person

MOST = 500


class InvalidPairs(Refused):
    """`errors`: index of the pair in the list -> what is wrong, all at once."""

    def __init__(self, errors: Mapping[int, str]) -> None:
        self.errors = errors
        super().__init__("".join(f"第 {index + 1} 对：{problem}" for index, problem in errors.items()))


@dataclass(frozen=True, slots=True)
class NewPair:
    vehicle_id: int
    driver_id: int
    since: date


@dataclass(frozen=True, slots=True)
class PairRow:
    id: int
    vehicle_id: int
    plate: str
    driver_id: int
    driver_name: str
    since: date
    until: date | None


def make_pairs(*, company_id: int, pairs: Sequence[NewPair]) -> list[int]:
    """Ids in the order given; all or none. Raises InvalidPairs."""
    require("manage_people")
    if errors := _wrong(company_id, pairs):
        raise InvalidPairs(errors)
    rows = [
        Pair(company_id=company_id, vehicle_id=new.vehicle_id, driver_id=new.driver_id, since=new.since)
        for new in pairs
    ]
    try:
        with transaction.atomic():
            Pair.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused("其中有一对刚刚已被登记，请刷新后重试。") from None
    if rows:
        append(action="fleet.pair", rows=[_row(pair) for pair in rows], company_id=company_id)
    return [pair.pk for pair in rows]


def end_pairs(*, pair_ids: Sequence[int], until: date) -> None:
    """`until`: the first day on which the driver no longer has the vehicle."""
    require("manage_people")
    ids = sorted(set(pair_ids))
    pairs = list(Pair.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(pairs) != len(ids) or not pairs:
        raise NotFound("没有这一对。")
    rows: dict[int, list[Row]] = defaultdict(list)
    for pair in pairs:
        if pair.until is not None:
            raise Refused(f"这一对已于 {pair.until} 解除。")
        if until <= pair.since:
            raise Refused(f"解除日期应晚于结对日期 {pair.since}。")
        pair.until = until
        rows[pair.company_id].append(_row(pair))
    Pair.objects.bulk_update(pairs, ["until"])
    for company_id, touched in rows.items():
        append(action="fleet.part", rows=touched, company_id=company_id)


def pairs(*, company_id: int, driver_id: int | None = None, vehicle_id: int | None = None) -> list[PairRow]:
    """Those that stand today, by plate; of vehicles and drivers still in service."""
    rows = _standing(company_id)
    if driver_id is not None:
        rows = rows.filter(driver=driver_id)
    if vehicle_id is not None:
        rows = rows.filter(vehicle=vehicle_id)
    found = rows.select_related("vehicle", "driver").order_by("vehicle__plate", "driver__pinyin", "pk")
    return [_shown(pair) for pair in found]


def pair(pair_id: int) -> PairRow:
    """Raises NotFound out of scope."""
    require("manage_people")
    found = Pair.objects.select_related("vehicle", "driver").filter(pk=pair_id).first()
    if found is None:
        raise NotFound("没有这一对。")
    return _shown(found)


def first_paired(person_id: int, *, since: date) -> date | None:
    """The first day from `since` on on which the person had a vehicle."""
    rows = Pair.objects.filter(driver=person_id, since__gte=since).order_by("since")
    return rows.values_list("since", flat=True).first()


def _standing(company_id: int) -> QuerySet[Pair]:
    today = current().today
    in_service = (Q(vehicle__until=None) | Q(vehicle__until__gt=today)) & (
        Q(driver__left_on=None) | Q(driver__left_on__gt=today)
    )
    on = Q(since__lte=today) & (Q(until=None) | Q(until__gt=today))
    return Pair.objects.filter(on & in_service, company=company_id)


def _wrong(company_id: int, pairs: Sequence[NewPair]) -> dict[int, str]:
    vehicles = Vehicle.objects.filter(company=company_id).in_bulk([new.vehicle_id for new in pairs])
    people = Person.objects.filter(company=company_id).in_bulk([new.driver_id for new in pairs])
    known = Pair.objects.filter(company=company_id, until=None).values_list("vehicle", "driver")
    taken = set(known)
    errors = {}
    for index, new in enumerate(pairs):
        vehicle, driver = vehicles.get(new.vehicle_id), people.get(new.driver_id)
        if vehicle is None or driver is None:
            errors[index] = "车辆或驾驶员不属于本企业，请刷新后重选。"
        elif problem := _unfitting(vehicle, driver, new.since):
            errors[index] = problem
        elif (new.vehicle_id, new.driver_id) in taken:
            errors[index] = f"{vehicle.plate} 和 {driver.name} 已经结对。"
        else:
            taken.add((new.vehicle_id, new.driver_id))
    return errors


def _unfitting(vehicle: Vehicle, driver: Person, since: date) -> str | None:
    if not driver.driver:
        return f"{driver.name} 没有登记为驾驶员。"
    if since < driver.joined_on or (driver.left_on is not None and since >= driver.left_on):
        return f"{driver.name} 在 {since} 不在职。"
    if since < vehicle.since or (vehicle.until is not None and since >= vehicle.until):
        return f"{vehicle.plate} 在 {since} 不在册。"
    return None


def _row(pair: Pair) -> Row:
    content = [pair.vehicle_id, pair.driver_id, str(pair.since), str(pair.until)]
    return "fleet.pair", pair.pk, digest_of(content)


def _shown(found: Pair) -> PairRow:
    return PairRow(
        id=found.pk,
        vehicle_id=found.vehicle_id,
        plate=found.vehicle.plate,
        driver_id=found.driver_id,
        driver_name=found.driver.name,
        since=found.since,
        until=found.until,
    )
