"""Which lines count as encoded, as decided by records, as wholly attested."""

from __future__ import annotations

from pathlib import Path

from anze.rules.catalogue.coverage import Coverage, coverage, total
from anze.rules.catalogue.load import load
from tests.rules.catalogue.small import FILES, written

DUTIES = "duties/coach/boss.yaml"


def counted(tmp_path: Path, old: str, new: str) -> Coverage:
    lists = coverage(
        load(written(tmp_path, {DUTIES: FILES[DUTIES].replace(old, new)})).positions["coach.boss"]
    )
    return lists["responsibilities"]


def test_a_responsibility_is_decided_by_the_duties_it_points_to(tmp_path: Path) -> None:
    assert counted(tmp_path, "", "") == Coverage(lines=1, encoded=1, by_facts=1)


def test_a_line_whose_every_demand_is_declared_is_wholly_attested(tmp_path: Path) -> None:
    declared = """\
    requirements:
      - part: a
        text: 全面负责
        kind: attested
        reason: 无从判断
        owed_by: holder
        deputy: false
        proof: [{kind: meeting, role: chair}]
        terms:
          2021-01-01: {every: year, cite: printed, verified: false}
"""
    alone = counted(tmp_path, "    see: [d1]\n", declared)
    assert alone == Coverage(lines=1, encoded=1, declared=1, parts=1, attested=1)
    beside = counted(tmp_path, "    see: [d1]\n", "    see: [d1]\n" + declared)
    assert beside == Coverage(lines=1, encoded=1, by_facts=1, parts=1, attested=1)


def test_totals_add_up_lists(tmp_path: Path) -> None:
    lists = coverage(load(written(tmp_path)).positions["coach.boss"])
    assert list(lists) == ["responsibilities", "duties", "records"]
    assert total(lists.values()) == Coverage(5, 5, 5, 0, 9, 8, 2, 1)
