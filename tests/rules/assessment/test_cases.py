"""The worked cases of catalogue/cases/schemes: each pattern of deduction, veto, star and test on facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from anze.rules.assessment import Books, Omission, assess, finding, grades
from anze.rules.catalogue.model import Role
from anze.rules.catalogue.schemes import Deduct, Probe, Rule, Scheme, Veto
from anze.rules.evidence import Fact, Part
from tests.rules.assessment.worlds import JUDGE, answers, asked, fact, regime, scored
from tests.rules.catalogue.cases import ROOT, catalogue

SCHEMES = catalogue().schemes
FILES = {
    name: yaml.safe_load((ROOT / "cases" / "schemes" / f"{name}.yaml").read_text("utf-8")) for name in SCHEMES
}
RECORD = {"kind", "at", "id", "about", "subject", "vehicles", "valid_until"}


def each(part: str, named: str) -> Any:
    """Every case of one part, of all standards, with the standard before it."""
    cases = [(name, case) for name, file in FILES.items() for case in file.get(part, ())]
    ids = [f"{name} {case[named]}" for name, case in cases]
    return pytest.mark.parametrize(("name", "case"), cases, ids=ids)


def conditions(scheme: Scheme) -> dict[str, Rule | Veto]:
    return {c.id: c for c in (*scheme.rules, *scheme.vetoes)}


def test_each_file_is_of_its_standard() -> None:
    assert {name: file["scheme"] for name, file in FILES.items()} == {name: name for name in SCHEMES}


@each("points", "name")
def test_points(name: str, case: dict[str, Any]) -> None:
    scheme = SCHEMES[name]
    item = f"{name}.{case['item']}"
    given = {a.condition: a for a in answers(scheme, {})}
    for key, count in case["answers"].items():
        rule = f"{item}.{key}"
        assert rule in given
        several = tuple(count) if isinstance(count, list) else ()
        given[rule] = asked(rule, len(several) or count, matters=several)
    omissions = [Omission(item, JUDGE, "不适用")] if case.get("absent") else []
    assessment = assess(scheme, regime(), given.values(), omissions)
    (found,) = [one for one in assessment.items if one.item.id == item]
    assert found.score == case["score"]


def failed(name: str, lost: dict[str, int]) -> list[str]:
    """Grades that are out of reach whatever else is done."""
    verdicts = grades(scored(SCHEMES[name], lost))
    return [verdict.grade.value for verdict in verdicts if verdict.standing.value == "failed"]


@each("vetoes", "veto")
def test_vetoes(name: str, case: dict[str, Any]) -> None:
    assessment = scored(SCHEMES[name], {f"{case['veto']}.v": 1})
    assert assessment.score == assessment.points, "a veto takes no points"
    assert failed(name, {f"{case['veto']}.v": 1}) == case["fails"]
    assert failed(name, {}) == []


@each("stars", "item")
def test_an_item_with_a_star_wants_all_its_points(name: str, case: dict[str, Any]) -> None:
    assert failed(name, {f"{case['item']}.r0": 1}) == case["fails"]


@each("facts", "name")
def test_facts(name: str, case: dict[str, Any]) -> None:
    facts = tuple(_fact(place, record) for place, record in enumerate(case.get("records", ()), start=100))
    people = {key: frozenset(value) for key, value in case.get("populations", {}).items()}
    held = Books(facts, case.get("kept", {}), people)
    found = finding(conditions(SCHEMES[name])[f"{name}.{case['condition']}"], held, case["day"])
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


@pytest.mark.parametrize("name", SCHEMES)
def test_every_pattern_of_deduction_has_a_case(name: str) -> None:
    """By how it deducts, its points, unit and cap, and whether it names what it counts."""
    known = conditions(SCHEMES[name])
    shown = {
        _pattern(known[f"{name}.{case['item']}.{key}"])
        for case in FILES[name]["points"]
        for key, count in case["answers"].items()
        if count
    }
    assert {_pattern(rule) for rule in SCHEMES[name].rules} - shown == set()


def _pattern(rule: Rule | Veto) -> tuple[object, ...]:
    assert isinstance(rule, Rule)
    whole = rule.deduct in (Deduct.ALL, Deduct.JUDGED)
    return rule.deduct, None if whole else rule.points, rule.unit, rule.most, bool(rule.matters)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_printed_veto_and_star_has_a_case(name: str) -> None:
    vetoes = [f"{name}.{case['veto']}.v" for case in FILES[name].get("vetoes", ())]
    assert vetoes == [veto.id for veto in SCHEMES[name].vetoes]
    stars = [f"{name}.{case['item']}" for case in FILES[name].get("stars", ())]
    assert stars == [item.id for item in SCHEMES[name].items if item.stars]


@pytest.mark.parametrize("name", SCHEMES)
def test_each_veto_and_star_fails_the_grades_that_are_printed_and_those_above(name: str) -> None:
    """The cases are written by hand: they must not leave out a grade that the print names."""
    printed = {veto.item: veto.binds for veto in SCHEMES[name].vetoes}
    printed |= {item.id: item.stars for item in SCHEMES[name].items if item.stars}
    for case in (*FILES[name].get("vetoes", ()), *FILES[name].get("stars", ())):
        item = f"{name}.{case.get('veto') or case['item']}"
        assert {grade.value for grade in printed[item]} <= set(case["fails"]), item


def test_every_test_on_facts_has_a_case() -> None:
    shown = {
        question.test
        for name, file in FILES.items()
        for case in file.get("facts", ())
        for question in conditions(SCHEMES[name])[f"{name}.{case['condition']}"].questions
    }
    assert shown == set(Probe)
