"""Yearly self-reports: drawn up from the assessment, sealed by the principal, missed by the bureau."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anze.records.acting.errors import NotPermitted, Refused
from anze.records.assessments import correcting, reporting
from anze.records.assessments.self_reports import owed, self_reports, standings_of
from anze.records.duties.actions import seal_records
from anze.records.evidence.actions import edit_draft
from anze.records.evidence.drafts import Draft, InvalidDraft, PartInput
from anze.records.evidence.queries import record
from anze.records.evidence.tables import items_in
from anze.rules.assessment.self_reports import Report
from tests.cast import NOW, Cast
from tests.records.assessments.stage import Scene, as_taxi, concluded, concluded_of, keep_targets
from tests.records.assessments.test_certificates import certificate

AT_YEAR_END = NOW.replace(year=2027, month=1, day=20)
WORDS = {"accidents": "无", "measures": "加强驾驶员教育"}


def completed(cast: Cast, draft: int) -> None:
    """By the safety manager, with what no program knows."""
    with cast.acts("safety_manager"):
        found = record(draft)
        values = {name: value for name, value in found.values.items() if name != "follow_up"}
        parts = [PartInput(part.person_id, part.role) for part in found.parts]
        edited = Draft(found.kind, found.title, found.happened_at, values=values | WORDS, parts=parts)
        edit_draft(record_id=draft, draft=edited)


def test_drawn_up_completed_and_sealed_by_the_principal(scene: Scene) -> None:
    cast, assessment = scene.cast, concluded(scene)
    with cast.acts("safety_manager"):
        draft = reporting.draft_report(company_id=cast.a.id, year=2026)
        assert reporting.draft_report(company_id=cast.a.id, year=2026) == draft
        found = record(draft)
        assert found.values["year"] == "2026"
        assert found.values["level"] == "undecided"
        assert "525分未见原文" in found.values["score"]
        assert {part.role for part in found.parts} == {"signer", "organiser", "inspector", "recorder"}
        assert self_reports(cast.a.id)[0].draft is not None
    with cast.acts("principal"), pytest.raises(InvalidDraft, match="封存前请填写“本年度事故和处罚情况”"):
        seal_records(record_ids=[draft])
    completed(cast, draft)
    with cast.acts("safety_manager"), pytest.raises(InvalidDraft, match="须由主要负责人提交"):
        seal_records(record_ids=[draft])
    with cast.acts("principal"):
        seal_records(record_ids=[draft])
        row = self_reports(cast.a.id)[0]
        assert row.report is not None
        assert (row.year, row.standing.state, row.assessment) == (2026, Report.HANDED_IN, assessment)
        assert row.report.number.startswith("NB-2026-")
        with pytest.raises(Refused, match="已提交"):
            reporting.draft_report(company_id=cast.a.id, year=2026)


def test_what_was_lost_stands_there_with_its_correction(cast: Cast) -> None:
    as_taxi(cast)
    keep_targets(cast)
    assessment = concluded_of(cast)
    with cast.acts("safety_manager"):
        lost = correcting.lost_items(assessment)
        first = lost[0].item.id
        due = NOW.date() + timedelta(days=30)
        listed = correcting.correct(
            assessment_id=assessment, items=[first], due=due, who=cast.a.safety_manager
        )
        seal_records(record_ids=[listed])
        values = record(reporting.draft_report(company_id=cast.a.id, year=2026)).values
        rows = items_in(values["losses"])
        assert len(rows) == len(lost)
        assert rows[0].what.startswith("1.1.a ")
        assert rows[0].more["points"] == "5"
        assert "按记录判定" in rows[0].more["ground"]
        assert "李甬，期限2026年12月20日" in rows[0].more["standing"]
        assert "共1项" in values["corrections"]
        assert "1.1.a 不符合" in values["vetoes"]


def test_without_an_assessment_it_is_asked_for(cast: Cast) -> None:
    certificate(cast)
    with cast.acts("safety_manager", at=AT_YEAR_END):
        with pytest.raises(reporting.NoAssessment, match="先完成自评"):
            reporting.draft_report(company_id=cast.a.id, year=2026)
        waiting = owed(cast.a.id)
        assert waiting is not None
        assert (waiting.year, waiting.standing.state) == (2025, Report.MISSING)
        states = {row.year: row.standing.state for row in self_reports(cast.a.id)}
        assert states == {2027: Report.UNASKED, 2026: Report.OPEN, 2025: Report.MISSING}
    with cast.acts("driver"), pytest.raises(NotPermitted):
        self_reports(cast.a.id)
    with cast.acts("monitor"), pytest.raises(NotPermitted):
        reporting.draft_report(company_id=cast.a.id, year=2026)


def test_the_bureau_sees_who_has_not_handed_in(scene: Scene) -> None:
    cast = scene.cast
    certificate(cast)
    with cast.acts("officer", at=AT_YEAR_END):
        found = standings_of([cast.a.id, cast.b.id], 2025)
        assert found[cast.a.id][1].state is Report.MISSING
        assert found[cast.b.id][1].state is Report.UNASKED
    concluded(scene)
    with cast.acts("safety_manager"):
        draft = reporting.draft_report(company_id=cast.a.id, year=2026)
    completed(cast, draft)
    with cast.acts("officer"):
        assert standings_of([cast.a.id], 2026)[cast.a.id][0] is None  # a draft is the company's own
    with cast.acts("principal"):
        seal_records(record_ids=[draft])
    with cast.acts("officer"):
        row, standing = standings_of([cast.a.id], 2026)[cast.a.id]
        assert row is not None
        assert row.record_id == draft
        assert standing.state is Report.HANDED_IN
