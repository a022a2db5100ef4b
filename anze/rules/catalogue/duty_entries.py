"""Requirements: the demands of a printed line, each of one kind.

Rule 1: the kind says which keys a requirement and its terms must have and may have; all others are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from anze.rules.catalogue.correction_entries import misreadings
from anze.rules.catalogue.kind_entries import NUMERIC, SUBJECTS
from anze.rules.catalogue.model import (
    Citation,
    EvidenceKind,
    Kind,
    Layer,
    OwedBy,
    Proof,
    Requirement,
    Role,
    Term,
)
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    choice_of,
    flag_of,
    number_of,
    pairs_of,
    refusal,
    word_of,
    words_of,
)
from anze.rules.catalogue.shelf import Shelf, citations
from anze.rules.catalogue.term_entries import TermReader


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind: of the requirement, and of each of its terms."""

    keys: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    term: tuple[str, ...] = ()
    term_optional: tuple[str, ...] = ()


_KEYS = ("part", "text", "kind", "owed_by", "deputy", "proof")
_OPTIONAL = ("ends", "cite", "corrects", "scope")
SHAPES: Mapping[Kind, Shape] = {
    Kind.QUOTA: Shape(("terms",), (), ("every",), ("times",)),
    Kind.PER_SUBJECT: Shape(("terms", "subject"), (), ("every",), ("times",)),
    Kind.ON_EVENT: Shape(("terms", "triggers"), (), (), ("within", "before")),
    Kind.STANDING: Shape(("terms",), (), (), ("within",)),
    Kind.INVITATION: Shape(("terms", "triggers")),
    Kind.COMMITTED: Shape(("asks",), ("subject", "triggers", "floor"), (), ("every", "times", "within")),
    Kind.ATTESTED: Shape(("terms", "reason"), (), ("every",), ("times",)),
}
ASKS = ("frequency", "limit")
SCOPES = ("remit",)  # 分管范围


def requirement_of(node: Node, shelf: Shelf, line: str, printed: Citation) -> Requirement:
    kind = _kind_of(node)
    shape = SHAPES[kind]
    entry = Entry(node, shelf.problems, (*_KEYS, *shape.keys), (*_OPTIONAL, *shape.optional))
    reader = TermReader(shelf, Layer.NATIONAL, shape.term, shape.term_optional, printed)
    terms = reader.terms(entry["terms"]) if "terms" in entry else ()
    triggers = entry.words("triggers", _event_kinds(kind, shelf), "触发事件")
    asks = word_of(entry["asks"], ASKS, "承诺内容") if "asks" in entry else None
    _check_opening(entry, kind, terms, triggers, asks)
    proofs = _proofs(entry, shelf)
    floor = reader.term(entry["floor"], date.min) if "floor" in entry else None
    subject = word_of(entry["subject"], SUBJECTS, "对象") if "subject" in entry else None
    ends = entry.day_if("ends")
    _check_floor(entry, floor, asks)
    _check_subject(entry, subject, proofs, shelf)
    remit = "scope" in entry and word_of(entry["scope"], SCOPES, "范围") == "remit"
    _check_remit(entry, remit, subject, proofs, shelf)
    if ends and terms and ends <= terms[0].since:
        raise entry.refusal("ends", f"废止日期 {ends} 不晚于开始日期 {terms[0].since}", "核对两个日期")
    return Requirement(
        id=f"{line}.{entry.text('part')}",
        line=line,
        position=line.rpartition(".")[0],
        text=entry.text("text"),
        kind=kind,
        owed_by=choice_of(entry["owed_by"], OwedBy, "责任归属"),
        deputy=flag_of(entry["deputy"]),
        proofs=proofs,
        terms=terms,
        ends=ends,
        subject=subject,
        remit=remit,
        triggers=triggers,
        asks=asks,
        floor=floor,
        reason=entry.text_if("reason"),
        cite=(printed, *(citations(entry["cite"], shelf) if "cite" in entry else ())),
        corrects=misreadings(entry["corrects"], shelf.problems) if "corrects" in entry else (),
    )


def _kind_of(node: Node) -> Kind:
    for key, value in pairs_of(node):
        if key.value == "kind":
            return choice_of(value, Kind, "类型")
    raise refusal(node, "缺少键“kind”", f"写明类型，可用：{'、'.join(kind.value for kind in Kind)}")


def _event_kinds(kind: Kind, shelf: Shelf) -> tuple[str, ...]:
    """Kinds that can open a requirement: events, or for an invitation anything with an attendance list."""
    if kind is Kind.INVITATION:
        return tuple(key for key, value in shelf.kinds.items() if value is None or value.attendance)
    return tuple(key for key, value in shelf.kinds.items() if value is None or value.event)


def _check_opening(
    entry: Entry, kind: Kind, terms: tuple[Term, ...], triggers: tuple[str, ...], asks: str | None
) -> None:
    if ("triggers" in entry and not triggers) or (asks == "limit" and not triggers):
        raise refusal(entry.node, "没有写明由什么事件触发", "在 triggers 写明事件类记录")
    if asks == "frequency" and triggers:
        raise entry.refusal("triggers", "承诺频次的要求没有触发事件", "删去 triggers，或把 asks 改为 limit")
    if kind is Kind.ON_EVENT:
        for term in terms:
            if (term.within is None) == (term.before is None):
                remedy = "within（事后）与 before（事前）写一个"
                raise entry.refusal("terms", "事件触发的要求缺少期限", remedy)


def _check_floor(entry: Entry, floor: Term | None, asks: str | None) -> None:
    if floor is None:
        return
    wanted = (asks == "frequency", asks == "limit")
    if (floor.every is not None, floor.within is not None) != wanted:
        raise entry.refusal("floor", "最低要求与承诺内容不符", "承诺频次写 every，承诺期限写 within")


def _check_subject(entry: Entry, subject: str | None, proofs: tuple[Proof, ...], shelf: Shelf) -> None:
    """Vehicles and departments are listed on a record as subjects; persons by their part in it."""
    for proof in proofs:
        kind = shelf.kinds[proof.kind]
        if subject in {"vehicle", "department"} and kind is not None and subject not in kind.subjects:
            problem = f"记录“{kind.name}”不能列出对象“{subject}”"
            raise entry.refusal("subject", problem, "在该类记录的 subjects 中加上它，或换一类记录")


def _check_remit(
    entry: Entry, remit: bool, subject: str | None, proofs: tuple[Proof, ...], shelf: Shelf
) -> None:
    """A remit is made of units, so the record must be able to name them, and nobody else's act can count."""
    if not remit:
        return
    if subject not in {None, "department"}:
        raise entry.refusal("scope", "分管范围由部门组成，对象只能是 department", "删去 scope 或改正 subject")
    for proof in proofs:
        if proof.role is None and subject is None:
            raise entry.refusal("scope", "没有写明本人在记录中的角色", "在 proof 中写 role，或删去 scope")
        kind = shelf.kinds[proof.kind]
        if kind is not None and "department" not in kind.subjects:
            problem = f"记录“{kind.name}”不能列出部门，看不出是否在分管范围内"
            raise entry.refusal("scope", problem, "在该类记录的 subjects 中加上 department，或删去 scope")


def _proofs(entry: Entry, shelf: Shelf) -> tuple[Proof, ...]:
    proofs = tuple(proof_of(item, shelf) for item in entry.items("proof"))
    if not proofs:
        raise entry.refusal("proof", "没有写明凭什么证明", "至少写一种记录")
    return proofs


def proof_of(node: Node, shelf: Shelf) -> Proof:
    entry = Entry(node, shelf.problems, ("kind",), ("role", "minima", "where"))
    name = word_of(entry["kind"], tuple(shelf.kinds), "记录类型")
    kind = shelf.kinds[name]
    if kind is None:  # its own file is broken, and says so
        return Proof(name, None)
    roles = [role.value for role in kind.roles]
    role = Role(word_of(entry["role"], roles, "角色")) if "role" in entry else None
    minima = _minima(entry["minima"], kind) if "minima" in entry else {}
    where = _where(entry["where"], kind) if "where" in entry else {}
    return Proof(name, role, minima, where)


def _minima(node: Node, kind: EvidenceKind) -> dict[str, Fraction]:
    known = [spec.id for spec in kind.fields if spec.type in NUMERIC]
    return {word_of(key, known, "数值栏目"): number_of(value) for key, value in pairs_of(node)}


def _where(node: Node, kind: EvidenceKind) -> dict[str, frozenset[str]]:
    choices = {spec.id: spec.choices for spec in kind.fields if spec.type == "choice"}
    where: dict[str, frozenset[str]] = {}
    for key, value in pairs_of(node):
        name = word_of(key, tuple(choices), "选择栏目")
        accepted = words_of(value, tuple(choices[name]), "选项")
        if not accepted:
            raise refusal(Text(name, key.file, key.line), f"“{name}”没有可接受的选项", "至少写一个选项")
        where[name] = frozenset(accepted)
    return where
