"""FORMAT.md shows files that the loader takes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from anze.rules.catalogue.load import load
from anze.rules.catalogue.loading import FOLDERS
from anze.rules.catalogue.model import Kind
from tests.rules.catalogue.cases import ROOT

FORMAT = (ROOT / "FORMAT.md").read_text("utf-8")


def test_the_worked_file_loads(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path, dirs_exist_ok=True)
    examples = re.findall(r"```yaml\n# (\S+)\n(.*?)```", FORMAT, re.DOTALL)
    for name, text in examples:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    position = load(tmp_path).positions["example.lead"]
    assert [r.id for r in position.requirements] == [
        "example.lead.d1.a",
        "example.lead.d1.b",
        "example.lead.d3.a",
    ]


def test_every_folder_and_kind_is_described() -> None:
    assert [folder for folder in FOLDERS if f"`{folder}/" not in FORMAT] == []
    assert [kind for kind in Kind if f"| `{kind.value}`" not in FORMAT] == []
