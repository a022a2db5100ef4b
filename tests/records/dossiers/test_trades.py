"""What a taxi driver's file asks is not what a coach driver's asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from anze.records.dossiers.expiries import expiries
from anze.records.dossiers.people import PersonDossier, person_dossier
from anze.records.tenants.models import Company
from anze.records.tenants.queries import company
from anze.rules.dossiers.validity import Validity
from tests.cast import TODAY, Cast
from tests.records.dossiers.build import sealed

DAY = timedelta(days=1)


def qualified(cast: Cast, class_: str) -> None:
    values = {"class": class_, "issuer": "市道路运输管理机构", "expires": str(TODAY + 400 * DAY)}
    people = {cast.a.drivers[0]: "subject"}
    sealed(cast, "certificate.qualification", on=TODAY - 9 * DAY, values=values, people=people)


def dossier(cast: Cast, trade: str) -> PersonDossier:
    with cast.acts("safety_manager"):
        return person_dossier(cast.a.drivers[0], replace(company(cast.a.id), trade=trade))


def states(cast: Cast, trade: str) -> dict[str, Validity]:
    lines = dossier(cast, trade).certificates
    return {
        line.certificate.id: line.standing.state for line in lines if "qualification" in line.certificate.id
    }


def test_the_class_of_a_qualification_fits_the_trade(cast: Cast) -> None:
    qualified(cast, "passenger")
    assert states(cast, "coach")["qualification"] is Validity.VALID
    assert states(cast, "taxi")["qualification_taxi"] is Validity.MISSING
    qualified(cast, "taxi")
    assert states(cast, "taxi")["qualification_taxi"] is Validity.VALID
    assert states(cast, "dangerous_goods")["qualification_dangerous"] is Validity.MISSING
    assert states(cast, "freight")["qualification_freight"] is Validity.MISSING


def test_hours_before_work_follow_the_trade(cast: Cast) -> None:
    def asked(trade: str) -> set[str]:
        found = dossier(cast, trade)
        return {item.change.id for item in (*found.items, *found.settled)}

    assert "induction_hours_taxi" in asked("taxi")
    assert {"induction_hours", "ride_along", "vetting"}.isdisjoint(asked("taxi"))
    assert {"induction_hours", "ride_along", "vetting"} <= asked("coach")
    assert "induction_hours_dangerous" in asked("dangerous_goods")
    assert [row.rule.id for row in dossier(cast, "taxi").hours][:1] == ["staff"]


def test_the_company_s_list_of_what_is_missing_asks_the_same(cast: Cast) -> None:
    qualified(cast, "passenger")
    with cast.acts("safety_manager"):
        Company.objects.filter(pk=cast.a.id).update(trade="taxi")
        missing = expiries(company(cast.a.id)).missing
    named = {row.subject.id for row in missing if row.source.what == "qualification_taxi"}
    assert named == set(cast.a.drivers)
