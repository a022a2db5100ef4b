"""A copy of the shipped catalogue on which a test changes the law."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anze.records import lawbook
from anze.records.duties import footing
from anze.rules.catalogue.editions import RECORDING
from anze.rules.catalogue.load import publish

ROOT = Path(__file__).parents[1] / "catalogue"
MANAGER = "duties/coach/safety_manager.yaml"
STUDY, STUDIED = "coach.safety_manager.d3.a", "coach.safety_manager.d3.b"
NEW = "coach.safety_manager.d3.d"
COURSE = "coach.safety_manager.d2.a"

PLACE, MEETING = "overlays/ningbo.yaml", "coach.principal.d1.a"
BESIDE = """\
    - edition: %s
      from: 2025-01-01
      was: 少读了一半
      why: 抄录时看错一行
      found: 2026-11-20 某某，对照公报
"""

MORE = "          2026-09-01: {every: month, times: 2, cite: printed, verified: false}\n"
ENDS = "        ends: 2026-11-01\n"
INSPECTING = """\
      - part: d
        text: 每月检查一次作业现场
        kind: quota
        owed_by: post
        deputy: true
        proof: [{kind: inspection.safety, role: inspector}]
        terms:
          2021-01-01: {every: month, times: 1, cite: printed, verified: false}
"""
SCHEME = "schemes/taxi-2012.yaml"
IS_SCHEME = "scheme: taxi-2012\n"
CORRECTED = """\
  - edition: %s
    from: 2025-01-01
    was: 读作每项一分
    why: 原件为两分，转载时脱字
    found: 2026-11-20 某某，对照原件
"""
CORRECTS = """\
        corrects:
          - edition: %s
            from: 2025-01-01
            was: 读作一次
            why: 原件为两次，转载时脱字
            found: 2026-11-20 某某，对照原件
"""


class Shelf:
    """Files that can be changed, published and read again."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def edition(self, file: str) -> str:
        return lawbook.lawbook().editions[file]

    def change(self, file: str, after: str, old: str, new: str) -> None:
        """The first `old` that follows the only `after`."""
        text = (self.root / file).read_text("utf-8")
        assert text.count(after) == 1, f"{after!r} stands {text.count(after)} times"
        head, tail = text.split(after)
        assert old in tail
        (self.root / file).write_text(head + after + tail.replace(old, new, 1), "utf-8")

    def change_law(self) -> None:
        """From September two studies a month; each driver's is not asked from November; and a new demand."""
        study, studied = "每月至少组织一次驾驶员安全学习", "每名驾驶员每月参加一次"
        self.change(MANAGER, f"        text: {study}", "      - part: b\n", f"{MORE}      - part: b\n")
        self.change(MANAGER, f"        text: {studied}", "      - part: c\n", f"{ENDS}      - part: c\n")
        self.change(
            MANAGER, "        text: 重点时期开始前", "  - number: 4\n", f"{INSPECTING}  - number: 4\n"
        )
        self.publish()

    def correct(self, text: str = "每月至少组织一次驾驶员安全学习") -> None:
        """A demand of the manager is asked twice: once was our own error, from the day that is named."""
        anchor, corrects = f"        text: {text}", CORRECTS % self.edition(MANAGER)
        self.change(MANAGER, anchor, "times: 1", "times: 2")
        self.change(MANAGER, anchor, "      - part: b\n", f"{corrects}      - part: b\n")
        self.publish()

    def correct_place(self) -> str:
        """The city asks the meeting twice a month: once was our own error. The edition that held it."""
        old, path = self.edition(PLACE), self.root / PLACE
        self.change(PLACE, f"  {MEETING}:\n", "times: 1", "times: 2")
        path.write_text(f"{path.read_text('utf-8')}corrects:\n  {MEETING}:\n{BESIDE % old}", "utf-8")
        self.publish()
        return old

    def correct_limit(self) -> str:
        """A record may be sealed so much later: the shorter limit was our own error. Its edition."""
        old, path = self.edition(RECORDING), self.root / RECORDING
        self.change(RECORDING, "within: ", "7 workdays", "60 days")
        path.write_text(f"{path.read_text('utf-8')}corrects:\n{BESIDE % old}", "utf-8")
        self.publish()
        return old

    def correct_scheme(self) -> None:
        """A deduction of the taxi standard takes two points a count: one was our own error."""
        self.change(SCHEME, '任一环节内容的,1项扣1分;"', "points: 1", "points: 2")
        texts = {path.stem: path.read_text("utf-8") for path in (self.root / "editions").glob("*.yaml")}
        held = "".join(CORRECTED % key for key, text in sorted(texts.items()) if text.startswith(IS_SCHEME))
        self.change(SCHEME, "points: 1000\n", "samples:\n", f"corrects:\n{held}samples:\n")
        self.publish()

    def publish(self) -> None:
        publish(self.root)
        self.read_again()

    def lose(self, edition: str) -> None:
        (self.root / "editions" / f"{edition}.yaml").unlink()
        self.read_again()

    def read_again(self) -> None:
        lawbook.forget()
        footing.forget()


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Iterator[Shelf]:
    root = tmp_path / "catalogue"
    shutil.copytree(ROOT, root)
    settings.CATALOGUE_DIR = root
    found = Shelf(root)
    found.read_again()
    yield found
    found.read_again()
