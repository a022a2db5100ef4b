"""Judged and shown by the edition applied to a company, whatever the shelf says; so are remits, deputies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import actions, amending, cases, deciding, organising, queries
from anze.records.duties.layers import layers_of
from anze.records.duties.models import Obligation
from anze.records.duties.periods import declare_period
from anze.records.duties.proofs import would_prove
from anze.records.duties.tailoring import tailor
from anze.records.duties.workbench import workbench
from anze.records.duties.year import year
from anze.records.evidence import actions as evidence
from anze.records.evidence import queries as evidence_queries
from anze.records.evidence.actions import Draft, PartInput
from anze.records.key_periods.actions import NewPeriod
from anze.records.people import queries as people
from anze.records.people.actions import NewPerson
from anze.records.people.models import Holding
from anze.records.reminders.models import Message
from anze.records.tenants import actions as tenants
from anze.rules.catalogue.model import Every
from tests.cast import NOW, STARTED, TODAY, Cast
from tests.records.reminders.conftest import mail_server, owe, queue, switch_on
from tests.records.reminders.test_planning import MORNING
from tests.shelf import CORRECTS, MANAGER, STUDY, Shelf, shelf

__all__ = ["mail_server", "shelf"]  # fixtures

NOVEMBER = date(2026, 11, 1)
PREPARED = "coach.principal.r8.a"
LETTER = "coach.other_deputy.d2.d"
RALLY = NewPeriod(
    type="activity", name="大会", begins=date(2026, 12, 1), last=date(2026, 12, 5), reason="通知"
)


def test_a_company_tailors_what_was_applied_to_it(shelf: Shelf, cast: Cast):
    """The shelf asks for two a month already; the company is judged by one."""
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
    shelf.change_law()
    with cast.acts("principal"):
        tailor(requirement=STUDY, since=NOVEMBER, every=Every.MONTH, times=2, reason="安委会决定")
        assert queries.obligations(requirement=STUDY, starts=NOVEMBER).rows[0].needed == 2


def test_a_changed_shelf_changes_neither_year_nor_layers(shelf: Shelf, cast: Cast):
    def shown() -> tuple[object, object]:
        days = year(company_id=cast.a.id, year=2027).items()
        layers = layers_of(cast.a.id, STUDY, NOVEMBER)
        return {day: found.foreseen for day, found in days}, [row.number for row in layers]

    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
        before = shown()
    shelf.change_law()
    with cast.acts("principal"):
        assert shown() == before


def test_a_leading_post_of_a_trade_without_a_list_owes_nothing(cast: Cast):
    with acting(SYSTEM, reads=(), at=NOW):
        company = tenants.register_company(
            name="甬城顺行出租有限公司",
            short_name="顺行",
            trade="taxi",
            area="330200",
            employees=6,
            vehicles=4,
            started_on=date(2015, 3, 1),
            judged_from=STARTED,
        )
    with acting(SYSTEM, reads=(company,), writes=(company,), at=NOW):
        [person] = actions.employ(company_id=company, people=[NewPerson("周出", STARTED)])
        actions.assign_post(person_id=person, position="taxi.principal", since=STARTED)
        assert Holding.objects.filter(company_id=company, person=person).exists()
        assert not Obligation.objects.filter(company_id=company).exists()


def _appoint(cast: Cast, deputy: int) -> None:
    held = Holding.objects.get(person=cast.a.safety_manager)
    actions.appoint_deputy(holding_id=held.pk, deputy_id=deputy, since=TODAY, until=None, reason="出差")


def test_what_a_deputy_stands_in_for_is_in_the_calendar_as_on_the_workbench(cast: Cast):
    with cast.acts("principal"):
        _appoint(cast, cast.a.monitor)
        deciding.redecide(company_id=cast.a.id)
    with cast.acts("monitor"):
        assert workbench(person_id=cast.a.monitor, positions=people.my_positions()).owed
        found = year(company_id=cast.a.id, year=2026, person_id=cast.a.monitor)
        assert sum(day.counts["open"] for day in found.values()) > 0


@pytest.mark.usefixtures("mail_server")
def test_a_deputy_on_leave_is_not_reminded(cast: Cast):
    with cast.acts("principal"):
        _appoint(cast, cast.a.clerk)
        organising.take_leave(
            person_id=cast.a.clerk, kind="leave", since=TODAY, until=date(2026, 12, 20), reason="病假"
        )
    with cast.acts("safety_manager"):
        Obligation.objects.all().delete()
    owe(cast)
    switch_on(cast)
    queue(cast, MORNING)
    with cast.acts("safety_manager"):
        assert {message.person_id for message in Message.objects.all()} == {cast.a.safety_manager}


def test_one_vanished_edition_stops_no_declaration(shelf: Shelf, cast: Cast):
    old = shelf.edition(MANAGER)
    with acting(SYSTEM, reads=(cast.a.id, cast.b.id), at=NOW):
        deciding.redecide_companies(company_ids=[cast.a.id])
    shelf.change_law()
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        amending.apply_editions(company_id=cast.a.id)
    shelf.lose(old)
    with cast.acts("officer"):
        assert declare_period(period=RALLY)


def test_a_trigger_that_left_the_shelf_alone_still_opens(shelf: Shelf, cast: Cast):
    with cast.acts("officer"):
        declare_period(period=RALLY)
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
        had = Obligation.objects.filter(requirement=PREPARED).count()
        assert had
    file = "duties/coach/principal.yaml"
    asked, other = "        triggers: [key-period.declared]\n", "        triggers: [accident.notice]\n"
    text = (shelf.root / file).read_text("utf-8")
    assert text.count(asked) == 1
    (shelf.root / file).write_text(text.replace(asked, CORRECTS % shelf.edition(file) + other), "utf-8")
    shelf.publish()
    with cast.acts("principal"):
        assert PREPARED not in cases.opened_by_key_periods()
        deciding.redecide(company_id=cast.a.id, requirements=frozenset({PREPARED}))
        assert Obligation.objects.filter(requirement=PREPARED).count() == had


def _put_in_charge(cast: Cast, *units: int) -> None:
    """The clerk becomes a deputy manager in charge of the units."""
    actions.assign_post(person_id=cast.a.clerk, position="coach.other_deputy", since=STARTED)
    held = Holding.objects.get(person=cast.a.clerk)
    for unit in units:
        organising.put_in_charge(holding_id=held.pk, unit_id=unit, since=STARTED)


def _letter(cast: Cast, unit: int) -> int:
    """A draft letter about the unit, signed by the clerk."""
    return evidence.draft_record(
        draft=Draft(
            kind="target.letter",
            title="责任书",
            happened_at=NOW - timedelta(days=1),
            values={"year": "2026"},
            parts=[PartInput(cast.a.clerk, "signer"), PartInput(cast.a.drivers[0], "subject")],
            subjects=[("department", unit)],
        )
    )


def _workshop(cast: Cast) -> int:
    return actions.open_unit(company_id=cast.a.id, kind="department", name="机务部", since=STARTED)


def test_the_outlook_of_a_draft_knows_remits(cast: Cast):
    with cast.acts("principal"):
        other = _workshop(cast)
        _put_in_charge(cast, cast.a.department)
        key = _letter(cast, other)
        assert {row.requirement: row.proves for row in would_prove(evidence_queries.record(key))}[
            LETTER
        ] is False
        actions.seal_records(record_ids=[key])
        assert Obligation.objects.get(requirement=LETTER, starts=date(2026, 1, 1)).state == "open"


def test_closing_a_unit_decides_what_lay_in_its_remit(cast: Cast):
    with cast.acts("principal"):
        other = _workshop(cast)
        _put_in_charge(cast, other, cast.a.department)
        actions.seal_records(record_ids=[_letter(cast, other)])
        row = Obligation.objects.filter(requirement=LETTER, starts=date(2026, 1, 1))
        assert row.get().state == "met"
        organising.close_unit(unit_id=other, until=TODAY - timedelta(days=5))
        kept = row.get().state
        deciding.redecide(company_id=cast.a.id)
        assert kept == row.get().state
