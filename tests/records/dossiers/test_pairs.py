"""Pairs are judged by the papers of both, every day anew."""

from __future__ import annotations

from datetime import timedelta

from anze.records.dossiers.pairs import JudgedPair, judged_pairs, unfit
from anze.records.fleet import pairs
from anze.records.fleet.pairs import NewPair
from anze.records.tenants import queries as tenants
from anze.rules.dossiers.pairing import Fitness
from tests.cast import NOW, STARTED, TODAY, Cast
from tests.records.dossiers.build import licence, sealed

DAY = timedelta(days=1)


def judged(cast: Cast, after: int = 0) -> JudgedPair:
    with cast.acts("safety_manager", NOW + after * DAY):
        (row,) = judged_pairs(tenants.company(cast.a.id))
    return row


def pair(cast: Cast) -> None:
    new = NewPair(cast.a.vehicles[0], cast.a.drivers[0], STARTED)
    with cast.acts("safety_manager"):
        pairs.make_pairs(company_id=cast.a.id, pairs=[new])


def papers(cast: Cast, expires: str = "2027-06-30") -> None:
    driver, vehicle = cast.a.drivers[0], cast.a.vehicles[0]
    of = {driver: "subject"}
    sealed(cast, "certificate.driving", on=TODAY, values={"class": "a1", "expires": expires}, people=of)
    values = {"class": "passenger", "issuer": "某局", "expires": "2028-06-30"}
    sealed(cast, "certificate.qualification", on=TODAY, values=values, people=of)
    licence(cast, vehicle, on=TODAY, registered="2026-05-01", expires="2027-05-01")
    sealed(cast, "vehicle.permit", on=TODAY, values={"expires": "2028-01-01"}, vehicles=(vehicle,))
    for sort in ("compulsory", "carrier"):
        values = {"type": sort, "insurer": "某公司", "expires": "2027-08-01"}
        sealed(cast, "vehicle.insurance", on=TODAY, values=values, vehicles=(vehicle,))


def test_nobody_paired_is_nobody_judged(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        assert judged_pairs(tenants.company(cast.a.id)) == []


def test_what_is_not_on_record_is_a_doubt(cast: Cast) -> None:
    pair(cast)
    found = judged(cast)
    assert found.fitness is Fitness.DOUBTFUL
    assert {"机动车驾驶证", "从业资格证", "交强险"} <= {o.name for o in found.objections}


def test_with_all_papers_it_may_go_out_until_one_runs_out(cast: Cast) -> None:
    pair(cast)
    papers(cast, expires="2026-11-24")
    assert judged(cast).fitness is Fitness.FIT
    late = judged(cast, after=5)  # nothing was done meanwhile: time alone
    assert late.fitness is Fitness.UNFIT
    assert [(o.of, o.name) for o in late.objections] == [("person", "机动车驾驶证")]
    with cast.acts("safety_manager", NOW + 5 * DAY):
        assert len(unfit(tenants.company(cast.a.id))) == 1


def test_a_bar_to_hiring_and_a_finding_forbid_it_until_taken_back(cast: Cast) -> None:
    pair(cast)
    papers(cast)
    driver = {cast.a.drivers[0]: "subject"}
    values = {"source": "police", "speeding": "0", "grave": "2026-01-05"}
    sealed(cast, "driver.vetting", on=TODAY - DAY, values=values, people=driver)
    assert judged(cast).fitness is Fitness.UNFIT
    sealed(cast, "driver.care", on=TODAY - DAY, values={"type": "talk", "conclusion": "rest"}, people=driver)
    assert len(judged(cast).objections) == 2
    sealed(cast, "driver.care", on=TODAY, values={"type": "talk", "conclusion": "normal"}, people=driver)
    (left,) = judged(cast).objections
    assert left.until is not None
