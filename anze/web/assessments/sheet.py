"""The report and the official table of an assessment as words in order: the same for page, Word and Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anze.records.assessments import queries, words
from anze.records.assessments.queries import AssessmentRow, Overview
from anze.records.assessments.quiz_queries import asking
from anze.records.assessments.sample_queries import samples
from anze.records.assessments.table_queries import TablePart, TableRow, deduction_in_words, table
from anze.records.tenants.queries import CompanyRow
from anze.web.assessments.grades import GradeLine, grade_lines
from anze.web.ui.words import say_day, say_moment

HEADS = ("编号", "考评要点", "分值", "考评方法", "评分标准", "得分", "扣分项", "否决项")


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    text: str
    points: str
    methods: str
    standard: tuple[str, ...]
    score: str
    deductions: tuple[str, ...]
    veto: str


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    summary: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands behind it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    whose: str
    incomplete: str
    facts: tuple[Line, ...]
    result: tuple[Line, ...]  # score, and of each grade how it stands and why
    categories: tuple[tuple[str, str, str, str], ...]  # category, points, score, missing
    vetoes: tuple[str, ...]  # not met, or open
    losses: tuple[str, ...]
    samples: tuple[str, ...]
    parts: tuple[Part, ...]


def sheet_of(company: CompanyRow, found: Overview) -> Sheet:
    row = found.row
    return Sheet(
        title=f"{row.title}报告",
        whose=company.name,
        incomplete=row.incomplete,
        facts=tuple(_facts(row, found)),
        result=tuple(_result(found)),
        categories=tuple(
            (one.category.text, str(one.points), str(one.score), str(one.missing or ""))
            for one in found.score.categories
        ),
        vetoes=tuple(_veto(veto) for veto in found.vetoes if veto.met is not True),
        losses=tuple(_losses(found)),
        samples=(*_sample(row), *_asked(row)),
        parts=tuple(_part(part) for part in table(row.id)),
    )


def _facts(row: AssessmentRow, found: Overview) -> Sequence[Line]:
    body = f"（{row.body}）" if row.body else ""
    lines = [
        Line("考评标准", f"《{row.scheme.name}》，版本 {row.edition}"),
        Line("考评类别", row.kind + body),
        Line("考评期", f"{say_day(row.since)}至{say_day(row.last)}"),
        Line("目标等级", row.target),
        Line("考评组", "、".join(found.members.values()) + f"，组长{row.lead}"),
        Line("复核人", row.reviewer),
        Line("进度", row.label),
    ]
    lines += [Line(f"{stage}时间", say_moment(at)) for stage, at in found.stages.items() if at is not None]
    if found.books_on is not None:
        lines.append(Line("记录截至", say_day(found.books_on)))
    if found.notes["review_remark"]:
        lines.append(Line("复核意见", found.notes["review_remark"]))
    return lines


def _result(found: Overview) -> Sequence[Line]:
    score = found.score
    counted = f"{score.whole}分（见到原文的{score.points}分中）"
    if score.open:
        counted += f"，另有{len(score.open)}项扣分未判定，暂不扣"
    lines = [Line("考评组得分", f"{found.first.whole}分"), Line("复核后得分", counted)]
    if score.omitted:
        lines.append(Line("缺项", f"{score.omitted}分退出总分，其余按比例折算"))
    return [*lines, *(Line(grade.name, _grade(grade)) for grade in grade_lines(found))]


def _grade(grade: GradeLine) -> str:
    reasons = "；".join(text for text, _ in grade.reasons)
    return grade.standing + (f"：{reasons}" if reasons else "")


def _veto(veto: queries.VetoRow) -> str:
    standing = "未判定" if veto.met is None else f"不符合（{veto.how}）"
    return f"{veto.number} 约束{veto.binds}，{standing}：{veto.text}"


def _losses(found: Overview) -> Sequence[str]:
    return [
        f"{words.number_of(item.item.id)} {deduction_in_words(one)}"
        for item in found.score.items
        for one in item.deductions
        if one.points
    ]


def _sample(row: AssessmentRow) -> Sequence[str]:
    lines = []
    for one in samples(row.id, waiting=False):
        members = "、".join(member.name for member in one.members)
        drawn = f"{one.name}：{one.population} 中抽 {len(one.members)}（{members}）"
        lines.append(f"{drawn}；种子 {one.seed}，名单摘要 {one.digest}")
    return lines


def _asked(row: AssessmentRow) -> Sequence[str]:
    """What the people of the sample replied, by deduction."""
    lines = []
    for one in asking(row.id).proposals:
        waiting = f"，{len(one.says.waiting)} 人没有答完" if one.says.waiting else ""
        lines.append(f"询问{one.says.topic}（{one.number}）：{one.says.reason}{waiting}")
    return lines


def _part(part: TablePart) -> Part:
    missing = f"，另有{part.missing}分未见原文" if part.missing else ""
    summary = f"分值{part.points}分{missing}，得分{part.score}分"
    return Part(part.title, summary, tuple(_row(row) for row in part.rows))


def _row(row: TableRow) -> Row:
    score = row.score if not row.second else f"{row.score}（复核 {row.second}）"
    return Row(
        number=row.number,
        text=row.text,
        points=row.points,
        methods=row.methods,
        standard=tuple(row.standard),
        score=score,
        deductions=tuple(row.deductions),
        veto=row.veto,
    )
