"""The encoded lists are the published document, character by character.

`coach_post_list.txt` is the text of the document. Compared is what a post's cells hold: number and name,
description and every line of the three lists, numbers included. Spaces and line breaks are layout and left
out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from anze.rules.catalogue.line_entries import LISTS
from tests.rules.catalogue.cases import ROOT, catalogue

HEADINGS = ("岗位名称", "岗位描述", "责任清单", "履职清单", "履职记录")
# A cell that begins with a number and has no punctuation names a post; the name may run over two rows.
NAME = re.compile(r"^\t(\d+\.[^。；，、：\n]{2,12}(?:\n[^\d\t\n]+)?)$", re.MULTILINE)
COACH = catalogue().positions_of("coach")


def sections() -> dict[str, str]:
    """Post as printed (`2.分管安全负责人`) -> the text of its cells, without layout."""
    raw = (Path(__file__).parent / "coach_post_list.txt").read_text("utf-8")
    marks = list(NAME.finditer(raw))
    ends = [*(mark.start() for mark in marks[1:]), len(raw)]
    return {
        "".join(mark[1].split()): "".join(
            "".join(row.split())
            for row in raw[mark.start() : end].splitlines()
            if row.strip() not in HEADINGS
        )
        for mark, end in zip(marks, ends, strict=True)
    }


def printed(position: str) -> str:
    """What the files say the document prints for the post."""
    post = catalogue().positions[position]
    file = ROOT / "duties" / f"{position.replace('.', '/')}.yaml"
    lists = yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader)
    lines = "".join(line["text"] for name in LISTS for line in lists[name])
    return "".join(f"{post.number}.{post.name}{post.description}{lines}".split())


def test_the_document_has_eleven_posts() -> None:
    numbers = [int(name.partition(".")[0]) for name in sections()]
    assert numbers == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize("position", [p.id for p in COACH])
def test_every_printed_line_is_there_as_printed(position: str) -> None:
    post = catalogue().positions[position]
    assert printed(position) == sections()[f"{post.number}.{post.name}"]
