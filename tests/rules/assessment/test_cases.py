"""The worked cases of catalogue/cases/schemes: each pattern of deduction, each veto, each test on facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from anze.rules.assessment import Books, Omission, assess, finding, grades
from anze.rules.catalogue.model import Role
from anze.rules.catalogue.schemes import Probe, Rule, Veto
from anze.rules.evidence import Fact, Part
from tests.rules.assessment.worlds import JUDGE, answers, asked, fact, regime, scored, taxi
from tests.rules.catalogue.cases import ROOT

CASES = yaml.safe_load((ROOT / "cases" / "schemes" / "taxi-2012.yaml").read_text("utf-8"))
CONDITIONS: dict[str, Rule | Veto] = {c.id: c for c in (*taxi().rules, *taxi().vetoes)}
RECORD = {"kind", "at", "id", "about", "subject", "vehicles", "valid_until"}


@pytest.mark.parametrize("case", CASES["points"], ids=lambda case: case["name"])
def test_points(case: dict[str, Any]) -> None:
    item = f"taxi-2012.{case['item']}"
    given = {a.condition: a for a in answers(taxi(), {})}
    for key, count in case["answers"].items():
        rule = f"{item}.{key}"
        assert rule in given
        several = tuple(count) if isinstance(count, list) else ()
        given[rule] = asked(rule, len(several) or count, matters=several)
    omissions = [Omission(item, JUDGE, "不适用")] if case.get("absent") else []
    assessment = assess(taxi(), regime(), given.values(), omissions)
    (found,) = [one for one in assessment.items if one.item.id == item]
    assert found.score == case["score"]


@pytest.mark.parametrize("case", CASES["vetoes"], ids=lambda case: case["veto"])
def test_vetoes(case: dict[str, Any]) -> None:
    assessment = scored(taxi(), {f"{case['veto']}.v": 1})
    assert assessment.score == assessment.points, "a veto takes no points"
    failed = [verdict.grade.value for verdict in grades(assessment) if verdict.standing.value == "failed"]
    assert failed == case["fails"]


@pytest.mark.parametrize("case", CASES["facts"], ids=lambda case: case["name"])
def test_facts(case: dict[str, Any]) -> None:
    facts = tuple(_fact(place, record) for place, record in enumerate(case.get("records", ()), start=100))
    people = {key: frozenset(value) for key, value in case.get("populations", {}).items()}
    held = Books(facts, case.get("kept", {}), people)
    found = finding(CONDITIONS[f"taxi-2012.{case['condition']}"], held, case["day"])
    said = None if found.answer is None else found.answer.count
    assert said == (None if case.get("asked") else case["lost"])
    assert found.until == case.get("until")


def _fact(place: int, record: dict[str, Any]) -> Fact:
    assert isinstance(record["at"], date)
    persons = [record["subject"]] if "subject" in record else []
    return fact(
        record.get("id", place),
        record["kind"],
        record["at"],
        parts=tuple(Part(person, Role.SUBJECT) for person in persons),
        subjects=frozenset(("vehicle", vehicle) for vehicle in record.get("vehicles", ())),
        choices={key: value for key, value in record.items() if key not in RECORD},
        valid_until=record.get("valid_until"),
        about=record.get("about"),
    )


def test_every_pattern_of_deduction_has_a_case() -> None:
    """By how it deducts, its unit, its cap, its matters."""
    shown = {
        _pattern(f"taxi-2012.{case['item']}.{key}") for case in CASES["points"] for key in case["answers"]
    }
    assert {_pattern(rule.id) for rule in taxi().rules} <= shown


def _pattern(condition: str) -> tuple[object, ...]:
    rule = CONDITIONS[condition]
    assert isinstance(rule, Rule)
    return rule.deduct, rule.unit, rule.most is None, bool(rule.matters)


def test_every_veto_has_a_case() -> None:
    assert [f"taxi-2012.{case['veto']}.v" for case in CASES["vetoes"]] == [v.id for v in taxi().vetoes]


def test_every_test_on_facts_has_a_case() -> None:
    shown = {
        q.test for case in CASES["facts"] for q in CONDITIONS[f"taxi-2012.{case['condition']}"].questions
    }
    assert shown == set(Probe)
