"""One item of an assessment as its page shows it: rules with answers, proof found, proof missing, photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from anze.records.acting.errors import NotFound
from anze.records.assessments import models, words
from anze.records.assessments.access import STATUS, known_item, may_answer, scheme, seen
from anze.records.assessments.books import kinds_of
from anze.records.assessments.models import Assessment as Row
from anze.records.assessments.models import Share
from anze.records.assessments.quiz_results import QuizSays, quiz_says
from anze.records.assessments.scoring import findings, omitted, scored, standing
from anze.records.duties.rows import names_of
from anze.records.evidence.files import path_of
from anze.records.evidence.queries import RecordRow, record_rows
from anze.records.lawbook import lawbook
from anze.rules.assessment import How, samples_of
from anze.rules.assessment.ledger import Deduction, ItemScore
from anze.rules.catalogue.schemes import Deduct, Item, Question, Rule, Veto

MOST_FACTS, MOST_NAMES = 12, 30
UNITS = ("vehicle", "department")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of a person. `count` as typed; `words`: what it means."""

    count: int
    matters: tuple[str, ...]
    words: str
    how: str
    person: str
    at: datetime
    reason: str
    asked: str


@dataclass(frozen=True, slots=True)
class Found:
    """What facts say. `decides`: they answer the rule by themselves."""

    decides: bool
    count: int
    words: str
    records: Sequence[RecordRow]
    more: int  # records that are not shown
    subjects: Sequence[str]
    subjects_more: int
    until: date | None
    asks: str  # the kinds of record that answer it
    unkept: str  # of these, the ones that are not declared kept here


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A deduction, or the veto. `rule` None: the veto."""

    id: str
    number: str
    text: str
    rule: Rule | None
    takes: str  # 扣2分
    unit: str
    choose: str  # once, count, matters, veto: how it is answered
    most: int
    found: Found | None
    said: Said | None
    reviewed: Said | None
    deduction: Deduction | None
    sample: str
    quiz: QuizSays | None  # what the people of the sample replied
    proposed: str  # what that comes to, in words


@dataclass(frozen=True, slots=True)
class PhotoRow:
    id: int
    name: str
    picture: bool
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OmissionRow:
    reason: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemPage:
    item: Item
    number: str
    category: str
    heading: str
    score: ItemScore
    first: int | None  # points as the team left it
    rows: Sequence[ConditionRow]
    veto: ConditionRow | None
    binds: str
    photos: Sequence[PhotoRow]
    omission: OmissionRow | None
    holder: str
    answers: bool  # the actor may answer it now
    before: str  # neighbours in printed order
    after: str
    samples: Sequence[str]


def item_page(assessment_id: int, item_id: str) -> ItemPage:
    """Raises NotFound."""
    row = seen(assessment_id)
    standard = scheme(row)
    item = known_item(standard, item_id)
    ids = [one.id for one in standard.items]
    place = ids.index(item.id)
    category, heading = next(
        (c, h) for c in standard.categories for h in c.headings if any(i.id == item.id for i in h.items)
    )
    score = next(one for one in scored(row).items if one.item.id == item.id)
    first = next(one for one in scored(row, review=False).items if one.item.id == item.id)
    making = _Making(row, item, score)
    return ItemPage(
        item=item,
        number=words.number_of(item.id),
        category=category.text,
        heading=heading.text,
        score=score,
        first=first.score,
        rows=[making.row(rule) for rule in item.rules],
        veto=None if item.veto is None else making.row(item.veto),
        binds=words.grades_named(item.veto),
        photos=_photos(row, item),
        omission=_omission(row, item),
        holder=_holder(row, item),
        answers=row.status == STATUS.RUNNING and may_answer(row, item.id),
        before=ids[place - 1] if place else "",
        after=ids[place + 1] if place + 1 < len(ids) else "",
        samples=[standard.samples[s].name for s in sorted(samples_of(item))],
    )


class _Making:
    """Rows of one item: records and names of all of them are read at once."""

    def __init__(self, row: Row, item: Item, score: ItemScore) -> None:
        self.row_, self.score = row, score
        conditions = {rule.id: rule.questions for rule in item.rules}
        if item.veto is not None:
            conditions[item.veto.id] = item.veto.questions
        self.findings = {key: found for key, found in findings(row).items() if key in conditions}
        shown = {fact for found in self.findings.values() for fact in found.facts[-MOST_FACTS:]}
        self.records = {record.id: record for record in record_rows(shown)} if shown else {}
        self.names = _names(self.findings.values(), conditions)
        answers = [one for one in standing(row) if one.condition in conditions]
        self.says = quiz_says(row) if samples_of(item) else {}
        self.said = {one.condition: one for one in answers if not one.review}
        self.reviewed = {one.condition: one for one in answers if one.review}

    def row(self, one: Rule | Veto) -> ConditionRow:
        rule = one if isinstance(one, Rule) else None
        standard = scheme(self.row_)
        sample = standard.samples[rule.sample].name if rule is not None and rule.sample else ""
        return ConditionRow(
            id=one.id,
            number=words.clause_of(one.id),
            text=one.text,
            rule=rule,
            takes="" if rule is None else words.deduction(rule),
            unit="" if rule is None else words.unit_of(rule),
            choose=_choose(rule),
            most=rule.points if rule is not None and rule.deduct is Deduct.JUDGED else 100_000,
            found=self._found(one),
            said=_said(self.said.get(one.id), rule),
            reviewed=_said(self.reviewed.get(one.id), rule),
            deduction=next((d for d in self.score.deductions if d.rule.id == one.id), None),
            sample=sample,
            quiz=(quiz := self.says.get(one.id)),
            proposed="" if quiz is None or quiz.count is None else words.count_named(rule, quiz.count),
        )

    def _found(self, one: Rule | Veto) -> Found | None:
        finding = self.findings.get(one.id)
        if finding is None:
            return None
        rule = one if isinstance(one, Rule) else None
        kinds = dict.fromkeys(kind for q in one.questions for kind in kinds_of(q))
        count = finding.count if finding.count is not None else finding.lost
        shown = [self.records[i] for i in finding.facts[-MOST_FACTS:] if i in self.records]
        subjects = [self.names.get((one.id, i), "") for i in finding.subjects[:MOST_NAMES]]
        return Found(
            decides=finding.count is not None,
            count=count,
            words=words.count_named(rule, count),
            records=shown,
            more=len(finding.facts) - len(shown),
            subjects=[name for name in subjects if name],
            subjects_more=max(0, len(finding.subjects) - MOST_NAMES),
            until=finding.until,
            asks=_kind_names(kinds),
            unkept=_kind_names(finding.unkept),
        )


def _names(
    found: Iterable[models.Finding], conditions: dict[str, tuple[Question, ...]]
) -> dict[tuple[str, int], str]:
    wanted: dict[tuple[str, int], tuple[str, int]] = {}
    for finding in found:
        of = next((q.subject for q in conditions[finding.condition] if q.subject), None)
        space = of if of in UNITS else "person"
        for subject in finding.subjects[:MOST_NAMES]:
            wanted[finding.condition, subject] = (space, subject)
    people = {i for space, i in wanted.values() if space == "person"}
    others = {(space, i) for space, i in wanted.values() if space != "person"}
    names = names_of(people, set(others)) if wanted else {}
    return {key: names.get(of, "") for key, of in wanted.items()}


def _kind_names(kinds: Iterable[str]) -> str:
    known = lawbook().kinds
    return "、".join(known[kind].name for kind in kinds if kind in known)


def _choose(rule: Rule | None) -> str:
    if rule is None:
        return "veto"
    if rule.matters:
        return "matters"
    return "once" if rule.deduct in (Deduct.ALL, Deduct.FIXED) else "count"


def _said(one: models.Answer | None, rule: Rule | None) -> Said | None:
    if one is None:
        return None
    how = words.HOWS[How(one.how)]
    meant = words.count_named(rule, one.count)
    return Said(one.count, tuple(one.matters), meant, how, one.person.name, one.at, one.reason, one.asked)


def _photos(row: Row, item: Item) -> list[PhotoRow]:
    rows = models.Photo.objects.filter(assessment=row, item=item.id).select_related("person").order_by("pk")
    return [
        PhotoRow(one.pk, one.name, one.media_type.startswith("image/"), one.person.name, one.at)
        for one in rows
    ]


def _omission(row: Row, item: Item) -> OmissionRow | None:
    found = next((one for one in omitted(row) if one.item == item.id), None)
    return None if found is None else OmissionRow(found.reason, found.person.name, found.at)


def _holder(row: Row, item: Item) -> str:
    share = Share.objects.filter(assessment=row, item=item.id).select_related("person").first()
    return share.person.name if share is not None else ""


def open_photo(assessment_id: int, photo_id: int) -> tuple[str, str, Path]:
    """Name, media type and the stored file. Raises NotFound."""
    row = seen(assessment_id)
    found = models.Photo.objects.filter(assessment=row, pk=photo_id).first() if photo_id < 2**63 else None
    if found is None or not path_of(found.sha256).is_file():
        raise NotFound("没有这个附件。")
    return found.name, found.media_type, path_of(found.sha256)
