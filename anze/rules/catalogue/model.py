"""The catalogue as frozen objects: who owes which duty, how often, proved by what, by which clause.

Rule 1: nothing here is looked up by a path or attribute spelt in text; ids are resolved once by the loader.
Rule 2: every number of law sits in a dated `Term` beside its citation; the newest term that is not after the
asked day applies. An overlay (province, trade, company) contributes terms, it never edits the printed text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anze.rules.catalogue.quiz_model import Bank
    from anze.rules.catalogue.schemes import CertificateTerm, Regime, Scheme

from anze.rules.catalogue.dossier_model import Dossiers
from anze.rules.catalogue.law import Citation, Every, Limit, LimitUnit

__all__ = [
    "CalendarYear", "Catalogue", "Citation", "Dossiers", "Every", "EvidenceKind", "FieldSpec", "Instrument",
    "KeyPeriod", "Kind", "Layer", "Limit", "LimitUnit", "Line", "Misreading", "Overlay", "OwedBy", "Position",
    "Proof", "Requirement", "Role", "Superior", "Term", "Weather",
]  # fmt: skip


class Kind(StrEnum):
    """How a requirement is decided."""

    QUOTA = "quota"  # at least N in each period
    PER_SUBJECT = "per_subject"  # at least N in each period for each vehicle, driver, department, employee
    ON_EVENT = "on_event"  # within a time of an event, or before one
    STANDING = "standing"  # a state that must hold at every instant
    INVITATION = "invitation"  # 按时参加: decided per invitation
    COMMITTED = "committed"  # 定期, 及时: the company commits to a number or a time limit
    ATTESTED = "attested"  # no software can decide it; the holder declares, with the reason printed


class Role(StrEnum):
    """The part a person has in a record."""

    CHAIR = "chair"  # 主持
    ORGANISER = "organiser"  # 组织
    SIGNER = "signer"  # 签发、签批、签订
    INSPECTOR = "inspector"  # 检查
    RECORDER = "recorder"  # 记录、填报
    PARTICIPANT = "participant"  # 参加
    SUBJECT = "subject"  # the person the record is about: the trained driver, the certificate's holder


class OwedBy(StrEnum):
    POST = "post"  # any holder of the post proves it for the company
    HOLDER = "holder"  # each holder owes it in person


class Layer(StrEnum):
    NATIONAL = "national"
    PLACE = "place"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation, standard or published list."""

    id: str
    name: str
    number: str | None
    issuer: str
    published: date | None
    in_force: date | None
    layer: Layer
    verified: str | None  # by whom and against what; None: not verified


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One typed field of an evidence kind."""

    id: str
    name: str
    type: str  # text longtext date number money hours choice choices bool items settlements
    required: bool
    choices: Mapping[str, str] = field(default_factory=dict)  # id -> Chinese label, in printed order
    hint: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # items: column id -> Chinese label


# The field that a kind has when it settles items: what became of each.
FOLLOW_UP = FieldSpec("follow_up", "以往事项的落实情况", "settlements", required=False)


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    id: str
    name: str
    prefix: str  # of its numbers: HY-2026-0007
    fields: tuple[FieldSpec, ...]
    roles: Mapping[Role, str]  # role -> Chinese label on this form; the first is preselected
    subjects: tuple[str, ...]  # subject types that can be listed: vehicle, driver, department, employee
    attendance: bool  # participants are marked attended / excused / absent
    attachment_required: bool
    expires_field: str | None  # the date field that ends a standing proof
    starts_field: str | None  # of an event: the date field on which what it declares begins (春运 from …)
    event: bool  # records of this kind open on_event duties
    retention_months: int
    cite: tuple[Citation, ...]
    hint: str = ""
    settles: tuple[str, ...] = ()  # kinds whose items a record of this kind follows up
    confirms: Mapping[Role, str] = field(default_factory=dict)  # role -> what its people confirm: 已阅
    results: bool = False  # each person's score, and whether they passed, stand beside their attendance
    seen_by: tuple[str, ...] = ()  # posts, and officer: nobody else sees a record without a part in it
    sealed_by: tuple[str, ...] = ()  # posts: nobody else seals; none: whoever may seal
    author_seals: bool = False  # whoever writes it may seal it, without a post


@dataclass(frozen=True, slots=True)
class Proof:
    """One way to satisfy a requirement: a sealed record of this kind with these minima."""

    kind: str
    role: Role | None  # the holder's part in it; None: any sealed record of the company counts
    minima: Mapping[str, Fraction] = field(
        default_factory=dict
    )  # field id (or "hours" of the person) -> at least
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)  # choice field id -> accepted values


@dataclass(frozen=True, slots=True)
class Term:
    """The numbers of a requirement from a day on."""

    since: date
    cite: tuple[Citation, ...]
    layer: Layer
    every: Every | None = None
    times: int = 1
    within: Limit | None = None  # on_event: after the event. standing: allowed to build the state up
    before: Limit | None = None  # on_event: before the event's day
    verified: str | None = None
    overlay: str | None = None  # id of the overlay or commitment that spoke
    ends: date | None = None  # of a company's own number: withdrawn from this day on


@dataclass(frozen=True, slots=True)
class Misreading:
    """Our own error: an edition did not say what the source says."""

    edition: str  # that held the error
    since: date  # periods that begin on this day or later were judged by it
    was: str
    why: str
    found: str  # by whom, when, against what


@dataclass(frozen=True, slots=True)
class Requirement:
    """One demand of a printed line."""

    id: str  # coach.principal.d7.b
    line: str  # coach.principal.d7
    position: str  # coach.principal
    text: str  # the demand in plain words
    kind: Kind
    owed_by: OwedBy
    deputy: bool  # may a deputy's act count
    proofs: tuple[Proof, ...]
    terms: tuple[Term, ...]  # by `since`, ascending; empty only for a committed one nobody has committed to
    ends: date | None = None  # abolished from this day on
    subject: str | None = None  # per_subject: vehicle driver department employee
    remit: bool = False  # asked within the holder's remit (分管范围) only
    triggers: tuple[str, ...] = ()  # evidence kinds that open it (on_event) or invite to it (invitation)
    asks: str | None = None  # committed: "frequency" or "limit"
    floor: Term | None = None  # committed: the least a company may commit to
    reason: str | None = None  # attested: why no software can decide it
    cite: tuple[Citation, ...] = ()  # the printed line itself
    corrects: tuple[Misreading, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A numbered line as printed, damage included."""

    id: str  # coach.principal.d7 · .r7 · .p7
    number: str
    text: str
    requirements: tuple[Requirement, ...] = ()  # duty lines; a responsibility line may carry its own
    see: tuple[str, ...] = ()  # responsibility line: the duty lines that perform it
    kinds: tuple[str, ...] = ()  # record line: evidence kinds it names
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Superior:
    """To whose post a post answers. No list prints it; a company may choose otherwise."""

    position: str
    cite: Citation
    verified: str | None


@dataclass(frozen=True, slots=True)
class Position:
    id: str
    trade: str
    number: int
    name: str
    description: str
    single_holder: bool
    source: Citation
    responsibilities: tuple[Line, ...]  # 责任清单
    duties: tuple[Line, ...]  # 履职清单
    records: tuple[Line, ...]  # 履职记录
    edition: str  # first 12 hex digits of the file's SHA-256
    superior: Superior | None = None

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        lines = (*self.responsibilities, *self.duties)
        return tuple(r for line in lines for r in line.requirements)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a place asks beyond the national text: further terms for named requirements."""

    id: str
    name: str
    areas: tuple[str, ...]  # administrative code prefixes: "3302"
    trades: tuple[str, ...]
    terms: Mapping[str, tuple[Term, ...]]
    corrects: Mapping[str, tuple[Misreading, ...]] = field(default_factory=dict)  # requirement -> our errors


@dataclass(frozen=True, slots=True)
class CalendarYear:
    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]  # weekend days moved into work (调休)
    cite: Citation


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """A season or holiday of one year that companies prepare for (重点时段)."""

    id: str  # 2026.spring_festival
    number: int  # within its year; never reused
    name: str
    type: str
    begins: date
    ends: date  # exclusive
    opens: date  # from this day on the preparations are owed
    cite: tuple[Citation, ...]
    verified: str | None
    areas: tuple[str, ...] = ()  # administrative code prefixes; none: everywhere
    trades: tuple[str, ...] = ()  # none: every trade


@dataclass(frozen=True, slots=True)
class Weather:
    """Kinds of weather warning, and the levels of each at which running may be stopped (停运提示)."""

    warnings: Mapping[str, str] = field(default_factory=dict)  # id -> Chinese name
    stops: Mapping[str, frozenset[str]] = field(default_factory=dict)  # id -> levels
    cite: tuple[Citation, ...] = ()
    verified: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    instruments: Mapping[str, Instrument]
    positions: Mapping[str, Position]
    kinds: Mapping[str, EvidenceKind]
    overlays: Mapping[str, Overlay]
    calendar: Mapping[int, CalendarYear]
    recording: tuple[
        Term, ...
    ]  # `within`: how soon after its period a record must be sealed to count as on time
    key_periods: Mapping[str, KeyPeriod] = field(default_factory=dict)
    weather: Weather = Weather()
    dossiers: Dossiers = field(default_factory=Dossiers)
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    regimes: tuple[Regime, ...] = ()  # of grades; by `since`, ascending
    certifying: tuple[CertificateTerm, ...] = ()  # by `since`, ascending
    # duties/coach/principal.yaml -> edition; likewise overlays and the recording limit
    editions: Mapping[str, str] = field(default_factory=dict)
    # file of limits -> our own errors
    corrects: Mapping[str, tuple[Misreading, ...]] = field(default_factory=dict)
    banks: Mapping[str, Bank] = field(default_factory=dict)  # scheme -> its questions for people

    def positions_of(self, trade: str) -> tuple[Position, ...]:
        """The positions of a trade in printed order."""
        return tuple(sorted((p for p in self.positions.values() if p.trade == trade), key=lambda p: p.number))

    def requirement(self, requirement_id: str) -> Requirement:
        """Raises KeyError for an id that no file declares."""
        position = self.positions[".".join(requirement_id.split(".")[:2])]
        for requirement in position.requirements:
            if requirement.id == requirement_id:
                return requirement
        raise KeyError(requirement_id)
