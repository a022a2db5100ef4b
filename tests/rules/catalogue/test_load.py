"""The loader: what a sound file becomes, editions, and the shipped catalogue itself."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from anze.rules.catalogue.coverage import coverage, performing, total
from anze.rules.catalogue.load import check, load, publish
from anze.rules.catalogue.model import Every, Kind, Layer, Limit, LimitUnit, OwedBy, Role, Term
from anze.rules.catalogue.problems import CatalogueErrors
from anze.rules.catalogue.strength import weaker
from tests.rules.catalogue.cases import ROOT, catalogue
from tests.rules.catalogue.small import FILES, edited, written

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
    assert len(publish(root)) == 3
    edition = check(root).positions["coach.boss"].edition
    assert (root / "editions" / f"{edition}.yaml").read_text("utf-8") == FILES[DUTIES]
    assert publish(root) == []


def test_a_changed_file_becomes_a_second_edition(tmp_path: Path) -> None:
    root = written(tmp_path)
    publish(root)
    (root / DUTIES).write_text(FILES[DUTIES].replace("甲，", "乙，"), "utf-8")
    with pytest.raises(CatalogueErrors, match="尚未发布"):
        check(root)
    publish(root)
    assert len(list((root / "editions").iterdir())) == 4
    check(root)


@pytest.mark.parametrize("act", [check, publish])
def test_an_edition_is_never_changed(tmp_path: Path, act) -> None:
    root = written(tmp_path)
    edition = publish(root)[0]
    (root / "editions" / edition).write_text("position: x\n", "utf-8")
    with pytest.raises(CatalogueErrors, match="已发布的版本被改动"):
        act(root)


def test_shipped_catalogue_is_sound_and_published() -> None:
    check(ROOT)


def test_a_number_printed_twice_and_one_without_its_dot(tmp_path: Path) -> None:
    twice = edited(DUTIES, "text: 4.其他。", "text: 2其他。")[DUTIES] or ""
    twice = twice.replace("number: 4", "number: 2").replace(
        "skipped: {duties: [3]}", "repeated: {duties: [2]}"
    )
    position = load(written(tmp_path, {DUTIES: twice})).positions["coach.boss"]
    assert [(line.id, line.number, line.text) for line in position.duties[1:]] == [
        ("coach.boss.d2", "2", "报告事故，参加会议。"), ("coach.boss.d2-2", "2", "其他。"),
    ]  # fmt: skip
    assert position.duties[2].requirements[0].id == "coach.boss.d2-2.a"
    assert str(position.duties[2].requirements[0].cite[0]) == "list#1.负责人·履职清单·2-2"


def test_at_most_a_tenth_is_declared() -> None:
    for position in catalogue().positions.values():
        counted = total(coverage(position).values())
        assert counted.attested * 10 <= counted.parts, position.id
        assert counted.declared * 10 <= counted.lines, position.id


def test_every_printed_line_is_encoded() -> None:
    for position in catalogue().positions.values():
        assert all(line.requirements for line in position.duties)
        assert all(counted.encoded == counted.lines for counted in coverage(position).values()), position.id


def test_a_printed_frequency_is_decided_by_counting_records() -> None:
    frequency = re.compile(r"每(年|月|季度|半年|日)|次/年")
    counting = {Kind.QUOTA, Kind.PER_SUBJECT}
    for position in catalogue().positions.values():
        demands = {line.id: line.requirements for line in position.duties}
        for line in (*position.responsibilities, *position.duties):
            if frequency.search(line.text):
                assert counting & {r.kind for r in performing(line, demands)}, line.id


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
