"""What an act decides again rests on few records: the answer is the one that all records give."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from anze.records.duties import actions, cases, choosing, deciding, verdicts
from anze.records.duties.footing import footing_of
from anze.records.duties.models import Obligation, Tally
from anze.records.evidence import actions as evidence
from anze.records.evidence.actions import Draft, PartInput
from anze.records.evidence.facts import facts_of
from anze.rules.catalogue.model import Every
from anze.rules.periods import ONE_DAY
from anze.rules.posts import Span
from tests.cast import NOW, STARTED, TODAY, Cast

STUDY, CHECKS = "coach.safety_manager.d3.a", "coach.principal.d7.b"


def study(cast: Cast, happened: datetime, **more: object) -> Draft:
    parts = [PartInput(cast.a.safety_manager, "organiser")]
    parts += [PartInput(driver, "participant") for driver in cast.a.drivers]
    values = {"topic": "安全行车", "hours": "2"}
    return Draft(
        "training.driver-study", "学习", happened, hours=Decimal(2), values=values, parts=parts, **more
    )  # type: ignore[arg-type] -- a test names any field


def meeting(cast: Cast, happened: datetime) -> Draft:
    parts = [PartInput(cast.a.principal, "chair"), PartInput(cast.a.safety_manager, "participant", "excused")]
    return Draft("meeting.leading-group", "会议", happened, values={"topics": "冬运"}, parts=parts)


@pytest.mark.parametrize("days", [1, 25, 60, 330, 400])
def test_sealing_leaves_nothing_for_a_whole_decision(cast: Cast, days: int):
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        for draft in (study(cast, NOW - timedelta(days=days)), meeting(cast, NOW - timedelta(days=days))):
            actions.seal_records(record_ids=[evidence.draft_record(draft=draft)])
            assert deciding.redecide(company_id=cast.a.id) == verdicts.Stored(0, 0, 0)


def test_a_record_that_makes_up_for_a_missed_month_is_found_from_that_month(cast: Cast):
    missed = date(2026, 8, 1)
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        late = evidence.draft_record(draft=study(cast, NOW - timedelta(days=2), makes_up=missed))
        actions.seal_records(record_ids=[late])
        inside = evidence.draft_record(draft=study(cast, NOW.replace(month=8)))
        actions.seal_records(record_ids=[inside])
        assert deciding.redecide(company_id=cast.a.id) == verdicts.Stored(0, 0, 0)


def test_a_sweep_leaves_nothing_for_a_whole_decision(cast: Cast):
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        actions.seal_records(record_ids=[evidence.draft_record(draft=study(cast, NOW - timedelta(days=1)))])
    with cast.acts("safety_manager", NOW + timedelta(days=45)):
        assert deciding.sweep(company_id=cast.a.id).updated
        assert deciding.redecide(company_id=cast.a.id) == verdicts.Stored(0, 0, 0)


def test_only_the_touched_period_is_read(cast: Cast):
    with cast.acts("safety_manager"):
        for days in (1, 40, 80):
            actions.seal_records(
                record_ids=[evidence.draft_record(draft=study(cast, NOW - timedelta(days=days)))]
            )
        company = cases.companies([cast.a.id])[cast.a.id]
        book = cases.rulebook(company.trade, company.area)
        today = Span(TODAY, TODAY + ONE_DAY)
        assert len(cases.facts_for(company, book, frozenset({STUDY}), today)) == 1
        assert len(cases.facts_for(company, book, frozenset({STUDY}), Span(TODAY))) == 1
        assert len(cases.facts_for(company, book, frozenset({STUDY}), None)) == 3
        assert sum(f.id > 0 for f in cases.facts_for(company, book, None, None)) == 3


def test_a_committed_rhythm_widens_what_is_read(cast: Cast):
    with cast.acts("principal"):
        deciding.redecide(company_id=cast.a.id)
        choosing.commit_to(requirement=CHECKS, since=STARTED, every=Every.QUARTER)
        parts = [PartInput(cast.a.principal, "inspector")]
        values = {"scope": "daily", "place": "车站", "found": "0"}
        for days in (1, 40):
            draft = Draft("inspection.safety", "检查", NOW - timedelta(days=days), values=values, parts=parts)
            actions.seal_records(record_ids=[evidence.draft_record(draft=draft)])
        company = cases.companies([cast.a.id])[cast.a.id]
        book = cases.rulebook(company.trade, company.area)
        assert len(cases.facts_for(company, book, frozenset({CHECKS}), Span(TODAY, TODAY + ONE_DAY))) == 2
        assert deciding.redecide(company_id=cast.a.id) == verdicts.Stored(0, 0, 0)


def test_what_no_requirement_looks_at_is_not_read_and_changes_nothing(cast: Cast):
    with cast.acts("safety_manager"):
        parts = [PartInput(cast.a.safety_manager, "recorder")]
        loose = Draft("other.record", "记录", NOW - 2 * ONE_DAY, values={"content": "其他"}, parts=parts)
        for draft in (loose, study(cast, NOW - ONE_DAY), meeting(cast, NOW - ONE_DAY)):
            actions.seal_records(record_ids=[evidence.draft_record(draft=draft)])
        footing = footing_of(cast.a.id, NOW)
        read, every = footing.facts(None, None), facts_of(cast.a.id)
        assert {fact.kind for fact in every} - {fact.kind for fact in read} == {"other.record"}
        periods = [fact for fact in read if fact.id < 0]
        assert footing.rule(read, NOW, None, None) == footing.rule([*every, *periods], NOW, None, None)


def test_verdicts_are_written_the_same_in_small_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
    later = NOW + timedelta(days=45)
    with cast.acts("safety_manager", later):
        monkeypatch.setattr(verdicts, "STEP", 3)
        stored = deciding.redecide(company_id=cast.a.id)
        assert stored.inserted > 3
        assert stored.updated > 3
        assert deciding.redecide(company_id=cast.a.id) == verdicts.Stored(0, 0, 0)
        rows = Obligation.objects.filter(company=cast.a.id).values_list("position", "month", "state")
        tallies = Tally.objects.filter(company=cast.a.id, count__gt=0)
        counted = {row[:3]: row[3] for row in tallies.values_list("position", "month", "state", "count")}
        assert counted == Counter(rows)
