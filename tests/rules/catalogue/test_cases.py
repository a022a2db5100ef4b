"""Every encoded requirement, decided as its worked cases say."""

from __future__ import annotations

from functools import cache

import pytest

from anze.rules.catalogue.model import Kind, Requirement
from anze.rules.duties import Rulebook, decide
from tests.rules.catalogue.cases import SUBJECT, Case, case_files, catalogue

CASES = [case for file in case_files() for case in file.cases]
FOUR = ("met", "late", "missed", "open")


@cache
def rulebook(trade: str, area: str) -> Rulebook:
    return Rulebook(catalogue(), trade, area)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_worked_case(case: Case) -> None:
    requirement = catalogue().requirement(case.requirement)
    book = rulebook(case.company.trade, case.company.area)
    found = decide(book, case.company, case.facts, case.on, only=frozenset({case.requirement}))
    subject = SUBJECT if case.subject else None
    wanted = (case.starts, subject)
    verdicts = [d.verdict for d in found if (d.obligation.starts, d.obligation.subject) == wanted]
    assert len(verdicts) == 1, f"{case.file}:{case.line} {case.name}"
    (verdict,) = verdicts
    answer = (verdict.state.value, verdict.reason.value, verdict.until)
    assert answer == (case.state, case.reason, case.until), f"{case.file}:{case.line} {case.name}"
    assert set(case.because) | {str(c) for c in requirement.cite} <= set(verdict.cites)
    assert set(verdict.facts) <= {fact.id for fact in case.facts}


def requirements() -> list[Requirement]:
    return [r for p in catalogue().positions.values() for r in p.requirements]


@pytest.mark.parametrize("requirement", requirements(), ids=lambda r: r.id)
def test_every_requirement_has_its_cases(requirement: Requirement) -> None:
    (file,) = [file for file in case_files() if file.position == requirement.position]
    wanted = set(FOUR) - file.cannot.get(requirement.kind.value, {}).keys()
    if requirement.kind is Kind.COMMITTED:
        wanted.add("unset")
    shown = {case.state for case in file.cases if case.requirement == requirement.id}
    assert wanted <= shown


@pytest.mark.parametrize("file", case_files(), ids=lambda f: f.position)
def test_what_cannot_be_has_a_reason_and_no_case(file) -> None:
    kinds = {r.id: r.kind.value for r in catalogue().positions[file.position].requirements}
    for kind, states in file.cannot.items():
        assert Kind(kind)
        assert all(states.values())
        assert not [c for c in file.cases if kinds[c.requirement] == kind and c.state in states]
