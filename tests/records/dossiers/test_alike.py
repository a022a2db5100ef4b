"""What is listed of everybody at once is what each file says, whatever is on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from anze.records.acting.context import current
from anze.records.dossiers.expiries import expiries
from anze.records.dossiers.people import person_dossier
from anze.records.dossiers.vehicles import vehicle_dossier
from anze.records.tenants.queries import company
from anze.rules.dossiers.validity import Standing, Validity, warned
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import licence, sealed

LISTED = (Validity.OVER, Validity.SOON, Validity.MISSING)
Said = tuple[str, int, str, Standing]


def fill(cast: Cast, chance: Random) -> None:
    """Some papers of some drivers and vehicles, some of one day, in no order."""

    def past() -> date:
        return TODAY - timedelta(days=chance.choice((0, 1, 20, 29, 30, 89, 90, 150, 364, 365, 366)))

    def ends() -> str:
        return str(TODAY + timedelta(days=chance.choice((-400, -2, -1, 0, 1, 29, 30, 31, 60, 200))))

    drivers, vehicles = cast.a.drivers, cast.a.vehicles
    for _ in range(3):
        subject = {chance.choice(drivers): "subject"}
        sealed(
            cast, "certificate.driving", on=past(), values={"class": "a1", "expires": ends()}, people=subject
        )
        sealed(cast, "health.checkup", on=past(), values={"institution": "医院"}, people=subject)
    for _ in range(2):
        registered = f"{chance.randint(2009, 2024)}-0{chance.randint(1, 9)}-28"
        licence(cast, chance.choice(vehicles), on=past(), registered=registered, expires=ends())
    for _ in range(3):
        some = (chance.choice(vehicles),)
        insured = {"type": chance.choice(("compulsory", "carrier")), "insurer": "甬财险", "expires": ends()}
        sealed(cast, "vehicle.insurance", on=past(), values=insured, vehicles=some)
        kilometres = str(chance.choice((1000, 16_000, 30_000, 60_000, 900_000)))
        work = {"level": chance.choice(("first", "second")), "mileage": kilometres, "place": "厂"}
        sealed(cast, "vehicle.maintenance", on=past(), values=work, vehicles=some)
        tested = {"institution": "站"} | ({"next": ends()} if chance.random() < 0.5 else {})
        sealed(cast, "vehicle.test", on=past(), values=tested, vehicles=some)
        sealed(cast, "vehicle.odometer", on=past(), values={"mileage": kilometres}, vehicles=some)


def of_files(cast: Cast) -> Iterator[Said]:
    here = company(cast.a.id)
    for person in everybody(cast):
        for line in person_dossier(person, here).certificates:
            yield "person", person, line.certificate.id, line.standing
    for vehicle in cast.a.vehicles:
        found = vehicle_dossier(vehicle, here)
        for line in found.certificates:
            yield "vehicle", vehicle, line.certificate.id, line.standing
        if found.known is not None:
            yield "vehicle", vehicle, "test", found.test
            yield "vehicle", vehicle, "scrapping", found.scrapping
            for upkeep in found.upkeep:
                yield "vehicle", vehicle, f"upkeep-{upkeep.level}", upkeep.standing


def everybody(cast: Cast) -> tuple[int, ...]:
    return *cast.a.drivers, cast.a.safety_manager, cast.a.clerk


@pytest.mark.parametrize("seed", range(4))
def test_the_list_says_what_the_files_say(cast: Cast, seed: int) -> None:
    fill(cast, Random(seed))
    with cast.acts("safety_manager"):
        of_each = {said[:3]: said[3] for said in of_files(cast)}
        for warns in (None, 0, 29, 200):
            found, today = expiries(company(cast.a.id), warns=warns), current().today
            rows = [*found.rows, *found.missing]
            listed = {(row.subject.type, row.id, row.what): row.standing for row in rows}
            said = {key: one if warns is None else warned(one, warns, today) for key, one in of_each.items()}
            wanted = {key: one for key, one in said.items() if one.state in LISTED}
            assert {key: one for key, one in listed.items() if key[:2] in {k[:2] for k in of_each}} == wanted
            urgency = [(row.standing.expires, row.what, row.subject.name, row.id) for row in found.rows]
            assert urgency == sorted(urgency)
            assert all(row.state is row.standing.state for row in rows)
