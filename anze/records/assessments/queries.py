"""Assessments as pages show them: the list, and the overview of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anze.records.assessments import words
from anze.records.assessments.access import STATUS, scheme, seen, visible
from anze.records.assessments.checking import CheckRow, check_rows
from anze.records.assessments.models import Assessment as Row
from anze.records.assessments.models import Keeping, Member, Share
from anze.records.assessments.scoring import forecast, scored
from anze.records.lawbook import lawbook
from anze.rules import assessment as rules
from anze.rules.assessment import Assessment, How
from anze.rules.assessment.ledger import Deduction
from anze.rules.catalogue.schemes import Probe, Scheme
from anze.rules.periods import ONE_DAY

CAUSES = {
    Probe.NONE: "没有记录",
    Probe.LACKING: "记录不全",
    Probe.FEWER: "次数不足",
    Probe.UNCOVERED: "未全覆盖",
    Probe.EXPIRED: "证照过期或缺失",
    Probe.UNANSWERED: "事件没有处理",
    Probe.FOUND: "记录载明有问题",
    Probe.VACANT: "岗位空缺",
}


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """`score` None: not started. `before`: concluded for the period before by the same standard."""

    id: int
    title: str
    kind: str
    body: str
    status: str
    label: str
    scheme: Scheme
    edition: str
    target: str
    since: date
    last: date
    lead_id: int
    lead: str
    reviewer_id: int
    reviewer: str
    score: int | None
    open: int
    reached: str
    concluded_at: datetime | None
    before: int | None = None

    @property
    def incomplete(self) -> str:
        return words.incomplete(self.scheme)

    @property
    def printed(self) -> int:
        return self.scheme.points - self.scheme.missing


@dataclass(frozen=True, slots=True)
class Loss:
    """Points lost for one cause."""

    cause: str
    points: int
    lines: int


@dataclass(frozen=True, slots=True)
class VetoRow:
    """`met` None: nobody answered."""

    id: str
    item: str
    number: str
    text: str
    binds: str
    met: bool | None
    how: str


@dataclass(frozen=True, slots=True)
class Overview:
    row: AssessmentRow
    stages: Mapping[str, datetime | None]
    score: Assessment
    first: Assessment
    verdicts: Sequence[rules.GradeVerdict]
    needs: rules.Needs | None
    losses: Sequence[Loss]
    vetoes: Sequence[VetoRow]
    checks: Sequence[CheckRow]
    members: Mapping[int, str]
    shares: Mapping[str, int]  # item -> who answers it
    before: Mapping[int, int]  # category -> its score in the period before
    books_on: date | None
    notes: Mapping[str, str]  # review_remark sent_back_reason cancel_reason submitted_by concluded_by


def assessments(company_id: int) -> list[AssessmentRow]:
    """Those that the actor may see, the newest period first."""
    rows = visible().filter(company=company_id).select_related("lead", "reviewer")
    found = list(rows.order_by("-until", "-pk"))
    return [_row(one, _before(one, found)) for one in found]


def assessment(assessment_id: int) -> AssessmentRow:
    """Raises NotFound."""
    return _row(seen(assessment_id), None)


def overview(assessment_id: int) -> Overview:
    row = seen(assessment_id)
    final, others = scored(row), visible().filter(company=row.company_id, scheme=row.scheme)
    concluded = others.filter(status=STATUS.CONCLUDED, until__lte=row.since).order_by("-until", "-pk")
    earlier = list(concluded[:1])
    return Overview(
        row=_row(row, _before(row, earlier)),
        stages={
            "计划": row.planned_at,
            "开始": row.started_at,
            "提交": row.submitted_at,
            "复核": row.reviewed_at,
            "结论": row.concluded_at,
        },
        score=final,
        first=scored(row, review=False),
        verdicts=rules.grades(final),
        needs=rules.needs(final),
        losses=losses(final),
        vetoes=vetoes(final),
        checks=check_rows(row) if row.status == STATUS.RUNNING else (),
        members=members(row),
        shares=dict(Share.objects.filter(assessment=row).values_list("item", "person")),
        before=_categories(earlier),
        books_on=row.books_on,
        notes={
            name: getattr(row, name)
            for name in ("review_remark", "sent_back_reason", "cancel_reason", "submitted_by", "concluded_by")
        },
    )


def _categories(earlier: Sequence[Row]) -> dict[int, int]:
    pinned = earlier[0].conclusion if earlier else None
    return {} if pinned is None else {number: score for number, _, score, _ in pinned["categories"]}


def incomplete_of(standard: Scheme) -> str:
    return words.incomplete(standard)


def members(row: Row) -> dict[int, str]:
    rows = Member.objects.filter(assessment=row).order_by("pk")
    return dict(rows.values_list("person", "person__name"))


def losses(assessment: Assessment) -> list[Loss]:
    """By cause, the largest first."""
    found: dict[str, tuple[int, int]] = {}
    for item in assessment.items:
        for deduction in item.deductions:
            if deduction.points:
                points, lines = found.get(cause(deduction), (0, 0))
                found[cause(deduction)] = points + deduction.points, lines + 1
    rows = [Loss(name, points, lines) for name, (points, lines) in found.items()]
    return sorted(rows, key=lambda loss: -loss.points)


def cause(deduction: Deduction) -> str:
    if deduction.answer.how is How.AUTOMATIC and deduction.rule.questions:
        return CAUSES[deduction.rule.questions[0].test]
    return f"{words.HOWS[deduction.answer.how]}（{words.METHODS[deduction.rule.method]}）"


def vetoes(assessment: Assessment) -> list[VetoRow]:
    """Not met first, then open, then met; in printed order."""
    rows = []
    for item in assessment.items:
        veto = item.item.veto
        if veto is None or item.omission is not None:
            continue
        standpoint = assessment.standpoints.get(veto.id)
        binds = words.grades_named(veto)
        met = None if standpoint is None else not standpoint.answer.count
        how = "" if standpoint is None else words.HOWS[standpoint.answer.how]
        number = words.number_of(item.item.id)
        rows.append(VetoRow(veto.id, item.item.id, number, veto.text, binds, met, how))
    return sorted(rows, key=lambda row: {False: 0, None: 1, True: 2}[row.met])


@dataclass(frozen=True, slots=True)
class Forecast:
    day: date
    score: Assessment
    newly: Sequence[Deduction]


def forecast_on(assessment_id: int, day: date) -> Forecast:
    """If nothing more is recorded; the answers of persons stay as they are."""
    row = seen(assessment_id)
    then = forecast(row, day)
    return Forecast(day, then, rules.newly_lost(scored(row), then))


@dataclass(frozen=True, slots=True)
class KeepingRow:
    kind: str
    name: str
    since: date | None
    declared_by: str
    rules: int  # deductions and vetoes for which its absence would count


def keepings(company_id: int, standards: Iterable[Scheme]) -> list[KeepingRow]:
    """Every kind that these standards ask for, those that answer most first."""
    counts: dict[str, int] = {}
    for standard in standards:
        for condition in _conditions(standard):
            for kind in condition:
                counts[kind] = counts.get(kind, 0) + 1
    told = {row.kind: row for row in Keeping.objects.filter(company=company_id)}
    rows = [
        KeepingRow(
            kind,
            lawbook().kinds[kind].name,
            told[kind].since if kind in told else None,
            told[kind].declared_by if kind in told else "",
            count,
        )
        for kind, count in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.rules, row.name))


def _conditions(standard: Scheme) -> Iterable[set[str]]:
    groups = [rule.questions for rule in standard.rules] + [veto.questions for veto in standard.vetoes]
    for questions in groups:
        yield {kind for q in questions for kind in ({p.kind for p in q.proofs} | set(q.triggers))}


def _row(row: Row, before: int | None) -> AssessmentRow:
    final = None if row.started_at is None else scored(row)
    reached = None if final is None else rules.reached(final)
    return AssessmentRow(
        id=row.pk,
        title=row.title,
        kind=words.KINDS[row.kind],
        body=row.body,
        status=row.status,
        label=words.STATUSES[STATUS(row.status)],
        scheme=scheme(row),
        edition=row.edition,
        target=words.grade_named(row.target),
        since=row.since,
        last=row.until - ONE_DAY,
        lead_id=row.lead_id,
        lead=row.lead.name,
        reviewer_id=row.reviewer_id,
        reviewer=row.reviewer.name,
        score=_pinned(row) if final is None or row.conclusion else final.whole,
        open=0 if final is None or row.conclusion else len(final.open),
        reached="" if reached is None else words.GRADES[reached],
        concluded_at=row.concluded_at,
        before=before,
    )


def _pinned(row: Row) -> int | None:
    return None if row.conclusion is None else int(row.conclusion["score"])


def _before(row: Row, others: Sequence[Row]) -> int | None:
    earlier = [
        one
        for one in others
        if one.scheme == row.scheme and one.status == STATUS.CONCLUDED and one.until <= row.since
    ]
    newest = max(earlier, key=lambda one: (one.until, one.pk), default=None)
    return None if newest is None else _pinned(newest)
