"""Assessment standards (考评标准) as frozen objects: categories, items, deductions, vetoes, samples.

Rule 1: the print is kept word for word; what a program decides by stands beside it.
Rule 2: what the source does not print is a declared gap with its points, never an invented item.
Rule 3: a veto is a condition of its own. Which grades it binds beyond those printed, and whether its item
must have full points, is the regime's matter: `Regime`, dated like law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from anze.rules.catalogue.model import Citation, Every, Misreading, Proof


class Grade(StrEnum):
    """From the highest down."""

    FIRST = "first"  # 一级
    SECOND = "second"  # 二级
    THIRD = "third"  # 三级


class Method(StrEnum):
    DOCUMENTS = "documents"  # 查资料
    ASKING = "asking"  # 询问
    ONSITE = "onsite"  # 现场检查、现场抽查


class Deduct(StrEnum):
    ALL = "all"  # 不得分
    FIXED = "fixed"  # 扣N分, once
    PER = "per"  # 每（项、人次、车……）扣N分
    JUDGED = "judged"  # no rule is printed: a person says how many points are lost


class Unit(StrEnum):
    """What a deduction per count counts."""

    ITEM = "item"  # 项
    PERSON = "person"  # 人、人次、岗位人次
    VEHICLE = "vehicle"  # 车、车次
    DEPARTMENT = "department"  # 机构、部门、单位
    SYSTEM = "system"  # 制度
    OCCASION = "occasion"  # 次


class Probe(StrEnum):
    """How facts answer a rule. Each names what loses the points."""

    NONE = "none"  # no record of any of these kinds
    LACKING = "lacking"  # each of these kinds that has no record
    FEWER = "fewer"  # each period of the calendar with fewer records than `times`
    UNCOVERED = "uncovered"  # each vehicle, person, department that no record covers
    EXPIRED = "expired"  # no certificate that is still valid
    UNANSWERED = "unanswered"  # each event that no record answers
    FOUND = "found"  # each record that itself says that something is wrong
    VACANT = "vacant"  # nobody holds the post


@dataclass(frozen=True, slots=True)
class Question:
    """One test on facts."""

    test: Probe
    proofs: tuple[Proof, ...] = ()
    subject: str | None = None  # a population: vehicle driver employee department, or the holders of a post
    triggers: tuple[str, ...] = ()  # kinds of event that ask for an answer
    times: int = 1
    every: Every | None = None
    look: int | None = None  # months back from the day asked about; None: the assessed period
    ever: bool = False  # whenever it was recorded


@dataclass(frozen=True, slots=True)
class Matter:
    """One of the things that a rule counts, such as one of nine systems."""

    id: str
    name: str
    elsewhere: str | None = None  # the rule that deducts for it: it is not deducted twice


@dataclass(frozen=True, slots=True)
class Rule:
    """One deduction: `points` once, for each `unit`, or all that the item has."""

    id: str  # taxi-2012.1.3.a.r3-2
    item: str
    text: str  # as printed
    method: Method
    deduct: Deduct
    points: int  # of each count; of ALL and JUDGED: the item's
    unit: Unit | None = None
    most: int | None = None  # 扣至N分止
    questions: tuple[Question, ...] = ()  # any of them that is lost loses the points
    one_way: bool = False  # facts can only show the loss: where they do not, a person is asked
    matters: tuple[Matter, ...] = ()
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """A numbered line of the deductions as printed. It may hold several rules, or only say whom to sample."""

    number: int
    text: str
    rules: tuple[Rule, ...] = ()
    sample: str | None = None
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Veto:
    """否决项: without it the company does not pass at the printed grades."""

    id: str  # taxi-2012.1.1.a.v
    item: str
    text: str
    binds: frozenset[Grade]
    questions: tuple[Question, ...] = ()
    one_way: bool = False
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check method of an item, with its lines as printed."""

    method: Method
    label: str  # 查资料: · 现场抽查:
    lines: tuple[str, ...]
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark after the deductions. `sample`: it says whom to sample."""

    text: str
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """考评要点. `points` None: the source is cut before they are printed."""

    id: str  # taxi-2012.1.1.a
    text: str
    points: int | None
    checks: tuple[Check, ...] = ()
    lines: tuple[DeductionLine, ...] = ()
    judged: Rule | None = None  # stands for the deductions where none are printed
    notes: tuple[Note, ...] = ()
    fulfilled: str | None = None  # the printed condition under which it counts as met (视为符合)
    veto: Veto | None = None
    stars: frozenset[Grade] = frozenset()  # ★ printed beside it: the grades that ask for it in full
    repair: str | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        if self.judged is not None:
            return (self.judged,)
        return tuple(rule for line in self.lines for rule in line.rules)


@dataclass(frozen=True, slots=True)
class Heading:
    """考评项目: a numbered heading over items."""

    id: str
    number: int
    name: str
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Points that the standard has and our source does not print."""

    points: int
    why: str
    categories: tuple[int, ...] = ()  # whole categories that are not printed
    verified: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """考评类目."""

    id: str
    number: int
    name: str
    text: str
    points: int
    headings: tuple[Heading, ...] = ()
    gap: Gap | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for heading in self.headings for item in heading.items)


@dataclass(frozen=True, slots=True)
class Band:
    """A step of a sampling ladder: for populations up to and with `up_to`, a share or a count."""

    up_to: int | None
    share: Fraction | None
    count: int | None
    instead: Fraction | None = None  # the share that the print probably means
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class SampleRule:
    """Whom to draw, and how many."""

    id: str
    name: str
    of: str  # vehicle, employee
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One assessment standard."""

    id: str
    name: str
    trade: str
    code: str  # of the business type in the ministry's own system
    source: Citation
    points: int
    categories: tuple[Category, ...]
    samples: Mapping[str, SampleRule] = field(default_factory=dict)
    gap: Gap | None = None  # whole categories
    repairs: tuple[str, ...] = ()  # damage that runs through the whole print
    verified: str | None = None
    corrects: tuple[Misreading, ...] = ()
    edition: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for category in self.categories for item in category.items)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for item in self.items for rule in item.rules)

    @property
    def vetoes(self) -> tuple[Veto, ...]:
        return tuple(item.veto for item in self.items if item.veto is not None)

    @property
    def gaps(self) -> Iterator[Gap]:
        yield from (category.gap for category in self.categories if category.gap is not None)
        if self.gap is not None:
            yield self.gap

    @property
    def missing(self) -> int:
        """Points that nobody can score from this source."""
        return sum(gap.points for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Regime:
    """How points become a grade, from a day on."""

    since: date
    points: int  # of a whole standard
    least: Mapping[Grade, int]  # points that a grade asks for
    upward: bool  # what binds a grade binds the higher ones
    full_marks: bool  # an item with a veto or a star must have all its points at the grades it binds
    rescale: bool  # 缺项: the points of what does not apply leave the sum, the rest is scaled up
    cite: tuple[Citation, ...]
    verified: str | None = None


class DayOfYear(NamedTuple):
    """That every year has."""

    month: int
    day: int

    def of(self, year: int) -> date:
        return date(year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class CertificateTerm:
    """What holds for certificates of a grade, from a day on."""

    since: date
    months: int  # of validity
    warns: int  # days before its end from which it is called running out
    report_by: DayOfYear  # the last day, in the year after, on which a yearly report is in time
    exempt_from: DayOfYear  # a certificate issued on this day of a year or later asks for none of that year
    cite: tuple[Citation, ...]
    verified: str | None = None


def regime_on(regimes: tuple[Regime, ...], day: date) -> Regime | None:
    """The newest regime that has come by this day."""
    come = [regime for regime in regimes if regime.since <= day]
    return come[-1] if come else None
