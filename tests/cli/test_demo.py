"""The demonstration as of three instants: what it promises is there, whatever the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from anze.cli import demo
from anze.cli.database import raw_connection
from anze.cli.demo import days, papers
from anze.cli.demo.cast import careless, diligent
from anze.cli.demo.daily import GAPS
from anze.cli.demo.habits import UNDECIDED
from anze.records.acting.context import SHANGHAI, SYSTEM, Acting, acting
from anze.records.assessments import correcting
from anze.records.assessments import queries as assessments
from anze.records.assessments.certificates import certificates
from anze.records.confirmations.letters import letters_of, years_of
from anze.records.duties import overview
from anze.records.duties import queries as duties
from anze.records.duties.rows import ObligationRow
from anze.records.duties.workbench import workbench
from anze.records.evidence import item_queries as items
from anze.records.evidence import queries as evidence
from anze.records.evidence.formats import PDF, PNG, format_of
from anze.records.evidence.queries import RecordRow
from anze.records.fleet import queries as fleet
from anze.records.journal import queries as journal
from anze.records.lawbook import lawbook
from anze.records.people import queries as people
from anze.records.signatures import queries as signatures
from anze.records.tenants.actions import NameTaken
from anze.records.tenants.queries import companies_in_scope
from anze.rules.assessment.certificates import Validity
from anze.rules.letters import LetterState
from anze.rules.periods import add_months

pytestmark = pytest.mark.long

STUDY, EACH_DRIVER = "coach.safety_manager.d3.a", "coach.safety_manager.d3.b"
GROUP_MEETING, CERTIFICATE = "coach.principal.d1.a", "coach.safety_manager.d2.b"
# The instant and how many months are told; fewer load faster and hold the same situations.
INSTANTS = {
    "ordinary day": (datetime(2026, 11, 22, 2, 0, tzinfo=UTC), 14),
    "31 December": (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), 9),
    "29 February": (datetime(2028, 2, 28, 16, 5, tzinfo=UTC), 9),
}


@dataclass(frozen=True)
class Told:
    now: datetime
    shown: list[demo.DemoAccount]

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    @property
    def told_days(self) -> int:
        months = next(months for now, months in INSTANTS.values() if now == self.now)
        return (self.today - self.month(months)).days

    def month(self, back: int) -> date:
        return add_months(self.today.replace(day=1), -back)

    @contextmanager
    def acts(self, username: str) -> Iterator[Acting]:
        account = get_user_model().objects.get(username=username)
        reads, writes = people.scope_of(account, self.now.astimezone(SHANGHAI).date())
        with acting(people.actor_for(account, self.now), reads=reads, writes=writes, at=self.now) as scope:
            yield scope

    def duties(self, username: str, **filters: Any) -> list[ObligationRow]:
        with self.acts(username):
            return list(duties.all_obligations(**filters))

    def records(self, username: str, **filters: Any) -> list[RecordRow]:
        with self.acts(username):
            pages = evidence.records(**filters, page_size=200)
            return [
                r
                for n in range(pages.pages)
                for r in evidence.records(**filters, page=n + 1, page_size=200).rows
            ]


@pytest.fixture(scope="module", params=INSTANTS)
def told(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    """Told once for all tests of this module, and taken back."""
    now, months = INSTANTS[request.param]
    with django_db_blocker.unblock(), transaction.atomic():
        yield Told(now, demo.load(now, months=months))
        transaction.set_rollback(True)


def test_the_study_of_the_last_closed_month_is_overdue_for_the_safety_manager(told: Told) -> None:
    with told.acts("manager") as scope:
        owed = workbench(person_id=scope.actor.person, positions=people.my_positions()).owed
    overdue = {(g.row.requirement, g.row.starts): g for g in owed if g.worst == "missed"}
    assert (STUDY, told.month(1)) in overdue
    assert overdue[EACH_DRIVER, told.month(1)].settled == 0
    assert overdue[EACH_DRIVER, told.month(1)].total > 20


def test_every_coach_carries_a_terminal_that_the_simulator_drives(told: Told) -> None:
    asked = "SELECT phone, plate FROM telemetry.installation JOIN telemetry.terminal t ON t.id = terminal_id"
    with told.acts("boss"), raw_connection("default") as connection:
        found = connection.execute(asked).fetchall()
    assert len(found) == len(set(found)) == 40
    assert all(plate.startswith("浙B") for _, plate in found)


def test_two_vague_duties_wait_for_the_company(told: Told) -> None:
    unset = {row.requirement for row in told.duties("boss", states=["unset"])}
    first = {"coach.principal.d5.b", "coach.safety_manager.d7.d"}
    assert {r for r in unset if r.startswith(("coach.principal.", "coach.safety_manager."))} == first
    assert unset == UNDECIDED


def test_all_but_the_newest_have_signed_their_lists(told: Told) -> None:
    with told.acts("boss") as scope:
        assert scope.actor.company is not None
        assert {row.person_name for row in signatures.unsigned(scope.actor.company)} == {"王志远"}
        assert signatures.coverage(scope.actor.company).share.signed > 1


def test_one_meeting_was_sealed_late_and_one_was_made_up(told: Told) -> None:
    late = told.duties("boss", requirement=GROUP_MEETING, states=["late"])
    assert {(r.starts, r.reason) for r in late} == {
        (told.month(8), "recorded_late"),
        (told.month(7), "done_late"),
    }


def test_a_session_of_an_hour_and_a_half_does_not_count(told: Told) -> None:
    (row,) = told.duties("manager", requirement=STUDY, states=["late"])
    assert (row.starts, row.reason) == (told.month(6), "done_late")


def test_two_drivers_missed_a_month(told: Told) -> None:
    missed = told.duties("manager", requirement=EACH_DRIVER, states=["missed"])
    assert len([r for r in missed if r.starts == told.month(4)]) == 2


@pytest.mark.parametrize(
    "requirement",
    [
        "coach.principal.d11.a",
        "coach.principal.d7.c",
        "coach.safety_manager.d4.b",
        "coach.safety_manager.d7.e",
    ],
)
def test_one_investigation_rectification_and_notice_came_late(told: Told, requirement: str) -> None:
    states = [r.state for r in told.duties("boss", requirement=requirement)]
    assert states.count("late") == 1
    assert "missed" not in states


def test_accidents_were_reported_within_the_hour_by_one_company_only(told: Told) -> None:
    own = told.duties("boss", requirement="coach.principal.d10.c")
    other = told.duties("other-boss", requirement="coach.principal.d10.c")
    assert {r.state for r in own} == {"met"}
    assert {r.state for r in other} == {"late"}


def test_a_key_period_was_prepared_and_one_warning_was_not(told: Told) -> None:
    rows = told.duties("manager", requirement="coach.safety_manager.d3.c")
    states = [r.state for r in rows]
    assert states.count("missed") == 1
    assert states.count("open") >= 1
    assert states.count("met") >= 2


def test_a_certificate_ends_in_forty_days_and_another_has_lapsed(told: Told) -> None:
    ends = [r.until for r in told.duties("boss", requirement=CERTIFICATE) if r.until is not None]
    assert (min(ends) - told.now).days in (40, 41)
    (lapsed,) = told.duties("other-boss", requirement=CERTIFICATE)
    assert (lapsed.state, lapsed.reason) == ("missed", "lapsed")


def test_the_principal_changed_and_the_one_on_leave_has_a_deputy(told: Told) -> None:
    with told.acts("deputy") as scope:
        assert scope.actor.roles == {"safety_manager"}
        holders = [h for h in people.holdings() if h.position == "coach.principal"]
    assert [(h.since, h.until) for h in holders][-1] == (told.month(6), None)
    assert len(holders) == 2
    waived = told.duties("boss", requirement="coach.safety_manager.d2.a", states=["waived"])
    assert [r.reason for r in waived] == ["waived"]
    with told.acts("deputy"):
        stood_in = duties.obligations(requirement="coach.safety_manager.d6.b", states=["met"], size=200)
    assert "deputy_attended" in {r.reason for r in stood_in.rows}


def test_some_drivers_were_there_for_too_little_of_a_month(told: Told) -> None:
    exempt = told.duties("manager", requirement=EACH_DRIVER, states=["exempt"])
    assert {r.reason for r in exempt} == {"too_short"}
    assert exempt


def test_drafts_wait_and_one_record_each_is_void_and_superseded(told: Told) -> None:
    assert len(told.records("boss", status="draft")) == 3
    assert len(told.records("boss", status="void")) == 1
    assert len(told.records("boss", status="superseded")) == 1
    assert [r.status for r in told.records("driver", status="draft")] == ["draft"]


def test_nothing_happens_or_is_received_in_the_future(told: Told) -> None:
    for record in told.records("boss") + told.records("other-boss"):
        assert record.happened_at <= record.captured_at <= told.now
        assert record.received_at is None or record.captured_at <= record.received_at <= told.now


def test_the_bureau_sees_the_careless_company_first(told: Told) -> None:
    with told.acts("officer"):
        worse, better, unlisted = overview.ranking()
    assert (worse.short_name, better.short_name) == ("联运客运", "安途客运")
    assert worse.missed > 4 * better.missed
    assert worse.met_share is not None
    assert better.met_share is not None
    assert worse.met_share < 70 < 90 < better.met_share
    assert (unlisted.short_name, unlisted.listed, unlisted.met_share) == ("顺行出租", False, None)
    with told.acts("stranger"):
        assert companies_in_scope() == []


def test_the_taxi_company_keeps_records_and_is_asked_nothing(told: Told) -> None:
    assert told.duties("taxi-boss") == []
    assert {r.kind for r in told.records("taxi-boss")} > {"training.driver-study", "inspection.safety"}
    with told.acts("taxi-boss") as scope:
        assert scope.actor.roles == {"principal"}
        assert len(people.people(on=told.today)) == 25
        assert len(fleet.vehicles()) == 60


def test_the_taxi_company_assesses_itself(told: Told) -> None:
    """Last year's is concluded where it lies within what is told; this year's is under way."""
    with told.acts("taxi-manager") as scope:
        company = scope.reads[0]
        running, *before = assessments.assessments(company)
        assert (running.label, running.open > 0, "未见原文" in running.incomplete) == ("考评中", True, True)
        for concluded in before:
            found = assessments.overview(concluded.id)
            assert (concluded.label, running.before) == ("已结论", concluded.score)
            assert found.first.whole == found.score.whole + 2
            assert [row.sealed for row in correcting.corrections(concluded.id)] == [True]
        december = date(told.today.year - 1, 12, 1)
        assert len(before) == (december >= told.month(months_of(told)))
        held = certificates(company).newest
        assert held is not None
        assert (held.grade, held.standing.state) == ("三级", Validity.SOON)


def months_of(told: Told) -> int:
    return next(months for now, months in INSTANTS.values() if now == told.now)


def test_letters_begin_at_the_principal_and_some_are_signed(told: Told) -> None:
    with told.acts("boss") as scope:
        company = scope.reads[0]
        trees = [letters_of(company, year).tree for year in years_of(company)]
        drawn = [tree for tree in trees if tree.roots]  # in January there are none of the year yet
        assert drawn
        assert all(tree.roots[0].person == scope.actor.person for tree in drawn)
    assert all(tree.counts[LetterState.SIGNED] >= 5 and tree.counts[LetterState.WAITING] for tree in drawn)


def test_meetings_left_things_to_do_and_most_were_done(told: Told) -> None:
    with told.acts("manager"):
        counts, [late] = items.counts(), items.items(standing="overdue").rows[:1]
        mine = {row.who_name for row in items.items(standing="all", page_size=200).rows}
    assert counts["settled"] > counts["unsettled"] > counts["overdue"] >= 1
    assert late.postponed == 1
    assert late.settling
    assert len(mine) >= 4
    with told.acts("other-manager"):
        other = items.counts()
    assert other["overdue"] > counts["overdue"]
    with told.acts("monitor"):
        assert {row.who_name for row in items.items(standing="all").rows} == {"沈晓东"}


def test_ordinary_months_of_the_diligent_company_are_green(told: Told) -> None:
    with told.acts("boss") as scope:
        matrix = overview.matrix(company_id=scope.reads[0], months=8)
    rows = {row.position.id: row for row in matrix.rows}
    principal, manager = rows["coach.principal"], rows["coach.safety_manager"]
    assert all(cell.missed == 0 for cell in principal.cells)
    assert sum(cell.missed == 0 for cell in manager.cells) >= 6


def test_all_eleven_posts_are_held_and_mostly_met(told: Told) -> None:
    standing: dict[str, Counter[str]] = defaultdict(Counter)
    for row in told.duties("boss"):
        standing[row.position][row.state] += 1
    assert set(standing) == {p.id for p in lawbook().positions_of("coach")}
    for position, states in standing.items():
        met, judged = states["met"] + states["late"], sum(states[s] for s in ("met", "late", "missed"))
        assert judged >= 30, position
        assert met / judged > 0.9, position
    assert all(states["missed"] for position, states in standing.items() if position in MISSING)


MISSING = {"coach.safety_deputy", "coach.technical_head", "coach.monitoring_head", "coach.monitor"}
HOLDERS = (
    "boss",
    "deputy-chief",
    "other-chief",
    "safety-head",
    "admin-head",
    "operations-head",
    "technical-head",
    "monitoring-head",
    "manager",
    "monitor",
    "technician",
)


def test_every_holder_finds_work_and_records_of_their_own(told: Told) -> None:
    held = set()
    for username in HOLDERS:
        with told.acts(username) as scope:
            positions = people.my_positions()
            assert workbench(person_id=scope.actor.person, positions=positions).owed, username
            assert evidence.records().total >= 10, username
            held |= set(positions)
    assert held == {p.id for p in lawbook().positions_of("coach")}


def test_a_few_vehicles_were_not_checked_and_a_few_days_have_no_log(told: Told) -> None:
    unchecked = told.duties("boss", requirement="coach.technical_head.d6.b", states=["missed"])
    assert 0 < len(unchecked) < 10
    silent = told.duties("boss", requirement="coach.monitor.d3.c", states=["missed"])
    assert {r.starts for r in silent} == {told.today - timedelta(days=n) for n in GAPS if n < told.told_days}


def test_five_posts_of_the_careless_company_are_held(told: Told) -> None:
    assert {r.position for r in told.duties("other-boss")} == {
        "coach.principal",
        "coach.safety_manager",
        "coach.operations_head",
        "coach.technical_head",
        "coach.monitor",
    }


def test_signed_sheets_and_certificates_are_attached(told: Told) -> None:
    found = set()
    for kind in ("training.driver-study", "certificate.competence"):
        for row in told.records("boss", kind=kind):
            with told.acts("boss"):
                for file in evidence.record(row.id).attachments:
                    found.add(format_of(evidence.open_attachment(file.id)[1]))
    assert found == {PNG, PDF}


def test_every_account_opens_with_the_printed_password(told: Told) -> None:
    assert [a.username for a in told.shown] == [a.username for a in demo.accounts()]
    for shown in told.shown:
        account = get_user_model().objects.get(username=shown.username)
        assert account.is_active
        assert account.check_password(shown.password)
        assert people.actor_for(account, told.now).roles


def test_the_journals_verify(told: Told) -> None:
    for username in ("boss", "other-boss"):
        with told.acts(username) as scope:
            company = scope.reads[0]
        with acting(SYSTEM, reads=(company,), at=told.now):
            assert journal.verify(company_id=company) == []
            assert journal.entries(company_id=company).total > 100


def test_loading_twice_is_refused(told: Told) -> None:
    with pytest.raises(NameTaken):
        demo.load(told.now)


def test_the_same_instant_tells_the_same_story() -> None:
    now, months = INSTANTS["ordinary day"]
    for firm in (diligent, careless):
        first, second = (days.Days(now, months) for _ in range(2))
        assert demo.story(firm(first), first) == demo.story(firm(second), second)


def test_papers_differ_by_what_they_are_about() -> None:
    assert papers.attendance_sheet("一月", 20) == papers.attendance_sheet("一月", 20)
    assert papers.attendance_sheet("一月", 20) != papers.attendance_sheet("二月", 20)
    assert papers.certificate(["甲"]).endswith(b"%%EOF\n")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 3), date(2026, 10, 8)),
        (date(2026, 5, 1), date(2026, 5, 6)),
        (date(2026, 2, 16), date(2026, 2, 24)),
        (date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 20), date(2026, 11, 20)),
    ],
)
def test_offices_rest_on_weekends_and_long_holidays(day: date, expected: date) -> None:
    assert days.office_day(day) == expected


def test_a_year_beyond_the_table_has_a_spring_festival() -> None:
    assert days.spring_festival(2040) == date(2040, 2, 5)
