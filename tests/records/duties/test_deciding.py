"""Acts change standings: each only what it touches, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import actions, choices, choosing, deciding, overview, proofs, queries, verdicts
from anze.records.duties.models import Obligation, Tally
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries as evidence_queries
from anze.records.evidence.actions import Draft, PartInput
from anze.records.evidence.drafts import AlreadySealed
from anze.records.fleet.actions import NewVehicle
from anze.records.journal import queries as journal
from anze.records.people.actions import NewPerson, PostTaken
from anze.rules.catalogue.model import Every, Limit, LimitUnit, Role
from anze.rules.evidence import Attendance
from tests.cast import NOW, STARTED, TODAY, Cast

STUDY, STUDIED = "coach.safety_manager.d3.a", "coach.safety_manager.d3.b"
MONTH = TODAY.replace(day=1)


def study(cast: Cast, *, hours: str = "2", happened: datetime | None = None, **more: object) -> Draft:
    company = cast.a
    parts = [PartInput(company.safety_manager, Role.ORGANISER)]
    parts += [PartInput(d, Role.PARTICIPANT, Attendance.ATTENDED) for d in company.drivers]
    return Draft(
        kind="training.driver-study",
        title="十一月驾驶员安全学习",
        happened_at=happened or NOW - timedelta(days=2),
        hours=Decimal(hours),
        values={"topic": "冬季行车安全", "hours": hours},
        parts=parts,
        **more,  # type: ignore[arg-type]
    )


def seal(draft: Draft) -> actions.Sealed:
    [sealed] = actions.seal_records(record_ids=[evidence.draft_record(draft=draft)])
    return sealed


def state(requirement: str, starts: date = MONTH, subject: int | None = None) -> str:
    return Obligation.objects.get(requirement=requirement, starts=starts, subject=subject).state


@pytest.fixture
def decided(cast: Cast) -> Cast:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    return cast


def assert_tallies_agree() -> None:
    counted = Counter(Obligation.objects.values_list("company_id", "position", "month", "state"))
    kept = {tuple(row[:4]): row[4] for row in Tally.objects.values_list(
        "company_id", "position", "month", "state", "count") if row[4]}  # fmt: skip
    assert kept == counted


def test_deciding_again_at_the_same_instant_changes_nothing(decided: Cast):
    with decided.acts("safety_manager"):
        assert deciding.redecide(company_id=decided.a.id) == verdicts.Stored(0, 0, 0)
        assert deciding.redecide_companies(company_ids=[decided.a.id]) == verdicts.Stored(0, 0, 0)
        assert_tallies_agree()


def test_a_history_entered_as_a_whole_is_decided_once_at_its_end(decided: Cast):
    with decided.acts("safety_manager"):
        with deciding.deciding_later():
            assert seal(study(decided)).proved == ()
            assert state(STUDY) == "open"
        assert deciding.redecide(company_id=decided.a.id).updated > 1
        assert state(STUDY) == "met"
        assert_tallies_agree()


def test_a_sealed_study_proves_the_session_and_each_driver(decided: Cast):
    with decided.acts("safety_manager"):
        assert state(STUDY) == "open"
        sealed = seal(study(decided))
        assert state(STUDY) == "met"
        assert {state(STUDIED, subject=d) for d in decided.a.drivers} == {"met"}
        assert len(sealed.proved) >= 3
        assert {r.requirement for r in queries.proved_by(sealed.record_id, company_id=decided.a.id)} >= {
            STUDY
        }
        assert_tallies_agree()
        assert deciding.redecide(company_id=decided.a.id) == verdicts.Stored(0, 0, 0)


def test_a_session_of_an_hour_and_a_half_proves_nothing_and_says_why(decided: Cast):
    with decided.acts("safety_manager"):
        record = evidence.draft_record(draft=study(decided, hours="1.5"))
        outlook = {o.requirement: o for o in proofs.would_prove(evidence_queries.record(record))}
        assert not outlook[STUDY].proves
        assert "不少于2" in outlook[STUDY].why_not
        actions.seal_records(record_ids=[record])
        assert state(STUDY) == "open"


def test_what_a_draft_would_prove_is_what_it_proves(decided: Cast):
    with decided.acts("safety_manager"):
        record = evidence.draft_record(draft=study(decided))
        promised = {o.requirement for o in proofs.would_prove(evidence_queries.record(record)) if o.proves}
        [sealed] = actions.seal_records(record_ids=[record])
        assert promised == {queries.obligation(o).requirement for o in sealed.proved}


def test_a_void_record_proves_no_more(decided: Cast):
    with decided.acts("safety_manager"):
        sealed = seal(study(decided))
        actions.void_records(record_ids=[sealed.record_id], reason="签到表传错")
        assert state(STUDY) == "open"
        assert queries.proved_by(sealed.record_id, company_id=decided.a.id) == []
        assert_tallies_agree()


def test_a_revision_takes_the_place_of_what_it_revises(decided: Cast):
    with decided.acts("safety_manager"):
        first = seal(study(decided))
        revision = evidence.revise_record(record_id=first.record_id)
        evidence.edit_draft(record_id=revision, draft=study(decided, hours="1.5"))
        actions.seal_records(record_ids=[revision])
        assert state(STUDY) == "open"
        assert_tallies_agree()


def test_a_missed_month_is_made_up_late(decided: Cast):
    last = (MONTH - timedelta(days=1)).replace(day=1)
    with decided.acts("safety_manager"):
        assert state(STUDY, last) == "missed"
        before = overview.ranking()[0].missed
        seal(study(decided, makes_up=last))
        assert state(STUDY, last) == "late"
        assert state(STUDY) == "open"
        assert overview.ranking()[0].missed < before
        assert_tallies_agree()


def test_sealing_twice_is_refused_and_changes_nothing(decided: Cast):
    with decided.acts("safety_manager"):
        sealed = seal(study(decided))
        length = len(journal.entries(company_id=decided.a.id).rows)
        with pytest.raises(AlreadySealed):
            actions.seal_records(record_ids=[sealed.record_id])
        assert len(journal.entries(company_id=decided.a.id).rows) == length


def test_a_driver_may_not_seal_and_another_company_sees_nothing(decided: Cast):
    with decided.acts("safety_manager"):
        record = evidence.draft_record(draft=study(decided))
        obligation = Obligation.objects.filter(requirement=STUDY).first()
    assert obligation is not None
    with decided.acts("driver"), pytest.raises(Refused):
        actions.seal_records(record_ids=[record])
    with decided.acts("other_principal"):
        with pytest.raises(NotFound):
            actions.seal_records(record_ids=[record])
        with pytest.raises(NotFound):
            queries.obligation(obligation.pk)
        with pytest.raises(NotFound):
            queries.grounds(2**70)
    with decided.acts("officer"):
        assert queries.obligation(obligation.pk).requirement == STUDY
        with pytest.raises(NotFound):
            actions.seal_records(record_ids=[record])


def test_a_driver_sees_what_is_owed_about_him_and_no_more(decided: Cast):
    with decided.acts("driver"):
        rows = queries.obligations().rows
        assert {r.subject_id for r in rows} == {decided.a.drivers[0]}
        with pytest.raises(NotPermitted):
            choices.vague_duties(company_id=decided.a.id, trade="coach")


def test_a_commitment_turns_an_unset_duty_into_a_quota(decided: Cast):
    vague = "coach.safety_manager.d4.a"
    with decided.acts("safety_manager"):
        [row] = Obligation.objects.filter(requirement=vague)
        assert row.state == "unset"
        choosing.commit_to(requirement=vague, since=MONTH, every=Every.MONTH, times=2, reason="安委会决定")
        assert state(vague) == "open"
        assert not Obligation.objects.filter(requirement=vague, state="unset").exists()
        shown = next(d for d in choices.vague_duties(company_id=decided.a.id, trade="coach") if d.history)
        assert shown.requirement.id == vague
        assert "每月至少2次" in shown.history[0].rule
        assert "每月至少2次" in choices.promised(vague, since=MONTH, every=Every.MONTH, times=2, within=None)
        assert queries.obligations(requirement=vague).rows[0].layer == "company"
        assert_tallies_agree()


@pytest.mark.parametrize(
    ("requirement", "given", "error"),
    [
        ("coach.safety_manager.d6.a", {"every": Every.YEAR}, choosing.WeakerThanLaw),
        ("coach.safety_manager.r9.a", {"within": Limit(2, LimitUnit.HOUR)}, choosing.WeakerThanLaw),
        ("coach.safety_manager.r9.a", {"every": Every.YEAR}, Refused),
        ("coach.safety_manager.d4.a", {"within": Limit(2, LimitUnit.HOUR)}, Refused),
        ("coach.safety_manager.d4.a", {"every": Every.MONTH, "times": 0}, Refused),
        ("coach.safety_manager.d4.a", {"every": Every.MONTH, "since": STARTED - timedelta(1)}, Refused),
        (STUDY, {"every": Every.MONTH}, choosing.NotForCompany),
        ("coach.safety_manager.d99.a", {"every": Every.MONTH}, NotFound),
        ("coach", {"every": Every.MONTH}, NotFound),
    ],
)
def test_commitments_that_are_refused(decided: Cast, requirement, given, error):
    with decided.acts("safety_manager"), pytest.raises(error):
        choosing.commit_to(requirement=requirement, **({"since": MONTH} | given))


def test_who_may_commit_and_waive(decided: Cast):
    with decided.acts("driver"):
        with pytest.raises(NotPermitted):
            choosing.commit_to(requirement="coach.safety_manager.d4.a", since=MONTH, every=Every.MONTH)
        with pytest.raises(NotPermitted):
            choosing.waive(requirement=STUDY, since=MONTH, until=None, reason="停运")


def test_a_waiver_needs_a_reason_and_an_end_after_its_start(decided: Cast):
    with decided.acts("principal"):
        for since, until, reason in ((MONTH, None, " "), (MONTH, MONTH, "停运")):
            with pytest.raises(Refused):
                choosing.waive(requirement=STUDY, since=since, until=until, reason=reason)
        choosing.waive(requirement=STUDY, since=MONTH, until=None, reason="全线停运")
        assert state(STUDY) == "waived"
        [row] = choices.waivers(company_id=decided.a.id, requirement=STUDY)
        assert (row.reason, row.person_name) == ("全线停运", None)


def test_the_sweep_takes_what_expired_and_nothing_else(decided: Cast):
    next_month = datetime(2026, 12, 1, 1, tzinfo=UTC)
    with decided.acts("safety_manager"):
        assert deciding.sweep(company_id=decided.a.id) == verdicts.Stored(0, 0, 0)
        assert not queries.is_stale(decided.a.id)
    with decided.acts("safety_manager", at=next_month):
        assert queries.is_stale(decided.a.id)
        assert queries.companies_due(next_month) == [decided.a.id]
        swept = deciding.sweep(company_id=decided.a.id)
        assert swept.updated
        assert swept.inserted
        assert state(STUDY) == "missed"
        assert state(STUDY, date(2026, 12, 1)) == "open"
        assert not queries.is_stale(decided.a.id)
        assert deciding.redecide(company_id=decided.a.id) == verdicts.Stored(0, 0, 0)
        assert_tallies_agree()


def test_a_sweep_that_never_ran_for_a_quarter_catches_up(decided: Cast):
    with decided.acts("safety_manager", at=NOW + timedelta(days=100)):
        deciding.sweep(company_id=decided.a.id)
        assert deciding.redecide(company_id=decided.a.id) == verdicts.Stored(0, 0, 0)


def test_posts_deputies_and_people_are_followed_at_once(decided: Cast):
    company = decided.a
    with decided.acts("principal"):
        with pytest.raises(PostTaken):
            actions.assign_post(person_id=company.clerk, position="coach.principal", since=TODAY)
        second = actions.assign_post(person_id=company.clerk, position="coach.safety_manager", since=MONTH)
        mine = Obligation.objects.filter(person=company.clerk)
        assert mine.exists()
        actions.appoint_deputy(
            holding_id=second, deputy_id=company.monitor, since=TODAY, until=None, reason="休假"
        )
        actions.end_holding(holding_id=second, until=MONTH + timedelta(days=1))
        [hired] = actions.employ(company_id=company.id, people=[NewPerson("新驾", MONTH, driver=True)])
        assert state(STUDIED, subject=hired) == "open"
        actions.dismiss(person_ids=[hired], left_on=MONTH + timedelta(days=2))
        assert state(STUDIED, subject=hired) == "exempt"
        assert_tallies_agree()
        assert journal.verify(company_id=company.id) == []


def test_nothing_is_left_of_an_act_that_fails_at_its_end(decided: Cast, monkeypatch: pytest.MonkeyPatch):
    def fail(**_: object) -> None:
        raise RuntimeError("cut off")

    with decided.acts("safety_manager"):
        record = evidence.draft_record(draft=study(decided))
    monkeypatch.setattr(actions, "append", fail)
    with pytest.raises(RuntimeError), decided.acts("safety_manager"):
        actions.seal_records(record_ids=[record])
    with decided.acts("safety_manager"):
        assert state(STUDY) == "open"
        assert proofs.would_prove(evidence_queries.record(record))
        assert journal.verify(company_id=decided.a.id) == []
        assert_tallies_agree()


def test_vehicles_and_departments_are_followed_at_once(decided: Cast):
    company = decided.a
    with decided.acts("principal"):
        actions.assign_post(person_id=company.monitor, position="coach.technical_head", since=MONTH)
        owed = Obligation.objects.filter(subject_type="vehicle")
        assert set(owed.values_list("subject", flat=True)) == set(company.vehicles)
        [new] = actions.enrol_vehicles(company_id=company.id, vehicles=[NewVehicle("浙A20001", MONTH)])
        assert owed.filter(subject=new, state="open").exists()
        actions.retire_vehicles(vehicle_ids=[new], until=MONTH + timedelta(days=2))
        assert not owed.filter(subject=new, state="open").exists()
        actions.open_unit(company_id=company.id, kind="department", name="机务部", since=MONTH)
        assert deciding.redecide(company_id=company.id) == verdicts.Stored(0, 0, 0)
        assert_tallies_agree()


def test_a_technician_sees_what_his_post_owes_for_each_vehicle(decided: Cast):
    company = decided.a
    with decided.acts("principal"):
        actions.assign_post(person_id=company.monitor, position="coach.technician", since=MONTH)
    with decided.acts("monitor"):
        rows = queries.obligations(position="coach.technician", size=200).rows
        assert {r.subject_id for r in rows if r.subject_type == "vehicle"} == set(company.vehicles)
        assert not queries.obligations(position="coach.principal").rows
