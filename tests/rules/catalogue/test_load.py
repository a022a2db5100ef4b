"""The loader: what a sound file becomes, editions, and the shipped catalogue itself."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest

from anze.rules.catalogue.load import check, load, publish
from anze.rules.catalogue.model import Every, Kind, Layer, Limit, LimitUnit, OwedBy, Role, Term
from anze.rules.catalogue.problems import CatalogueErrors
from anze.rules.catalogue.strength import weaker
from tests.rules.catalogue.cases import ROOT, catalogue
from tests.rules.catalogue.small import FILES, written

DUTIES = "duties/coach/boss.yaml"


def test_a_requirement_as_read(tmp_path: Path) -> None:
    requirement = load(written(tmp_path)).requirement("coach.boss.d1.a")
    assert (requirement.line, requirement.position) == ("coach.boss.d1", "coach.boss")
    assert (requirement.kind, requirement.owed_by, requirement.deputy) == (Kind.QUOTA, OwedBy.POST, True)
    (proof,) = requirement.proofs
    assert (proof.kind, proof.role, proof.minima) == ("meeting", Role.CHAIR, {"hours": Fraction(3, 2)})
    assert proof.where == {"type": frozenset({"regular"})}
    first, second = requirement.terms
    assert (first.since, first.every, first.times, first.verified) == (
        date(2021, 1, 1), Every.QUARTER, 1, "甲，对照原文",
    )  # fmt: skip
    assert [str(c) for c in second.cite] == ["law#3", "list#1.负责人·履职清单·1"]
    assert second.verified is None


def test_lines_keep_their_text_without_the_number(tmp_path: Path) -> None:
    position = load(written(tmp_path)).positions["coach.boss"]
    assert [(line.number, line.text) for line in position.duties] == [
        ("1", "每季度开会。"), ("2", "报告事故，参加会议。"), ("4", "其他。"),
    ]  # fmt: skip
    assert position.duties[1].repair == "原文缺一字"
    assert position.responsibilities[0].see == ("coach.boss.d1",)
    assert position.records[0].kinds == ("meeting",)


def test_kinds_terms_and_calendar_as_read(tmp_path: Path) -> None:
    whole = load(written(tmp_path))
    certificate = whole.kinds["certificate"]
    assert (certificate.expires_field, certificate.attachment_required) == ("until", True)
    assert whole.kinds["period"].starts_field == "begins"
    assert dict(whole.kinds["meeting"].fields[0].choices) == {"regular": "例会", "special": "专题会"}
    (term,) = whole.overlays["place"].terms["coach.boss.d1.a"]
    assert (term.layer, term.overlay, term.every) == (Layer.PLACE, "place", Every.MONTH)
    assert whole.requirement("coach.boss.d2.d").terms[0].before == Limit(2, LimitUnit.DAY)
    assert whole.recording[0].within == Limit(7, LimitUnit.WORKDAY)
    assert len(whole.calendar[2025].holidays) == 9
    assert whole.instruments["law"].in_force == date(2020, 9, 1)


def test_an_unknown_requirement_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        load(written(tmp_path)).requirement("coach.boss.d1.z")


def test_publishing_and_checking(tmp_path: Path) -> None:
    root = written(tmp_path)
    with pytest.raises(CatalogueErrors, match="运行 anze catalogue publish"):
        check(root)
    (edition,) = publish(root)
    assert (root / "editions" / edition).read_text("utf-8") == FILES[DUTIES]
    assert edition == f"{check(root).positions['coach.boss'].edition}.yaml"
    assert publish(root) == []


def test_a_changed_file_becomes_a_second_edition(tmp_path: Path) -> None:
    root = written(tmp_path)
    publish(root)
    (root / DUTIES).write_text(FILES[DUTIES].replace("甲，", "乙，"), "utf-8")
    with pytest.raises(CatalogueErrors, match="尚未发布"):
        check(root)
    publish(root)
    assert len(list((root / "editions").iterdir())) == 2
    check(root)


@pytest.mark.parametrize("act", [check, publish])
def test_an_edition_is_never_changed(tmp_path: Path, act) -> None:
    root = written(tmp_path)
    (edition,) = publish(root)
    (root / "editions" / edition).write_text("position: x\n", "utf-8")
    with pytest.raises(CatalogueErrors, match="已发布的版本被改动"):
        act(root)


def test_shipped_catalogue_is_sound_and_published() -> None:
    check(ROOT)


def test_shipped_catalogue_loads_in_half_a_second() -> None:
    best = min(_seconds() for _ in range(3))
    assert best < 0.5


def _seconds() -> float:
    started = perf_counter()
    load(ROOT)
    return perf_counter() - started


@pytest.mark.parametrize("position", ["coach.principal", "coach.safety_manager"])
def test_at_most_a_tenth_is_declared(position: str) -> None:
    requirements = catalogue().positions[position].requirements
    declared = [r for r in requirements if r.kind is Kind.ATTESTED]
    assert len(declared) * 10 <= len(requirements)


def test_every_duty_line_is_split_into_requirements() -> None:
    for position in catalogue().positions.values():
        assert all(line.requirements for line in position.duties)


def test_conventions_are_marked_unverified() -> None:
    for position in catalogue().positions.values():
        for requirement in position.requirements:
            for term in requirement.terms:
                invented = any(c.instrument == "anze.conventions" for c in term.cite)
                assert not (invented and term.verified), requirement.id


def test_texts_are_short_and_chinese() -> None:
    for position in catalogue().positions.values():
        for requirement in position.requirements:
            assert 4 <= len(requirement.text) <= 40, requirement.id
            assert re.search(r"[一-鿿]", requirement.text), requirement.id


def term(**numbers) -> Term:
    return Term(since=date(2021, 1, 1), cite=(), layer=Layer.NATIONAL, **numbers)


@pytest.mark.parametrize(
    ("asks", "than", "answer"),
    [
        ({"every": Every.MONTH}, {"every": Every.QUARTER}, False),
        ({"every": Every.QUARTER}, {"every": Every.YEAR, "times": 4}, False),
        ({"every": Every.YEAR, "times": 4}, {"every": Every.QUARTER}, True),
        ({"every": Every.YEAR, "times": 3}, {"every": Every.YEAR, "times": 4}, True),
        ({}, {"every": Every.YEAR}, True),
        ({"within": Limit(1, LimitUnit.HOUR)}, {"within": Limit(2, LimitUnit.HOUR)}, False),
        ({"within": Limit(1, LimitUnit.DAY)}, {"within": Limit(2, LimitUnit.HOUR)}, True),
        ({}, {"within": Limit(2, LimitUnit.HOUR)}, True),
        ({"before": Limit(1, LimitUnit.DAY)}, {"before": Limit(1, LimitUnit.WORKDAY)}, True),
        ({"before": Limit(1, LimitUnit.MONTH)}, {"before": Limit(30, LimitUnit.DAY)}, False),
        ({}, {"before": Limit(1, LimitUnit.DAY)}, True),
        ({}, {}, False),
    ],
)
def test_which_term_asks_less(asks, than, answer: bool) -> None:
    assert weaker(term(**asks), term(**than)) is answer
