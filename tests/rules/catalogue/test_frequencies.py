"""A frequency that the document prints is decided from records, not declared and not left to the company."""

from __future__ import annotations

import re

import pytest

from anze.rules.catalogue.coverage import performing
from anze.rules.catalogue.model import Every, Kind, Line, Position
from tests.rules.catalogue.cases import catalogue

PRINTED = re.compile(r"每(年|半年|季度|月|日)|次/(年)|(24小时)动态监控|(22时至次日6时)")
RHYTHM = {
    "年": Every.YEAR,
    "半年": Every.HALF_YEAR,
    "季度": Every.QUARTER,
    "月": Every.MONTH,
    "日": Every.DAY,
    "24小时": Every.DAY,
    "22时至次日6时": Every.DAY,
}


def frequencies(line: Line) -> set[Every]:
    return {RHYTHM[next(filter(None, match))] for match in PRINTED.findall(line.text)}


def printed() -> list[tuple[Position, Line]]:
    return [
        (position, line)
        for position in catalogue().positions.values()
        for line in (*position.responsibilities, *position.duties)
        if frequencies(line)
    ]


def test_the_document_prints_frequencies_in_both_lists() -> None:
    """Also where the 履职清单 is silent: yearly review (posts 7 to 9), round the clock, at night."""
    lines = {line.id for _, line in printed()}
    assert len(lines) > 30
    assert {
        "coach.operations_head.r3",
        "coach.technical_head.r3",
        "coach.monitoring_head.r3",
        "coach.monitoring_head.r7-2",
        "coach.monitor.r6",
    } <= lines


@pytest.mark.parametrize(("position", "line"), printed(), ids=lambda value: value.id)
def test_every_printed_frequency_is_decided(position: Position, line: Line) -> None:
    demands = {duty.id: duty.requirements for duty in position.duties}
    decided = {
        term.every
        for requirement in performing(line, demands)
        if requirement.kind in {Kind.QUOTA, Kind.PER_SUBJECT}
        for term in requirement.terms
    }
    assert frequencies(line) <= decided
