"""The vendored Chinese font as typst can read it: unpacked once from WOFF2 into the data directory."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

from anze.web.ui.vendoring import VENDOR

FAMILY = "Noto Sans SC"
PACKED = VENDOR / "fontsource-noto-sans-sc-5.3.0"
FILES = ("noto-sans-sc-400", "noto-sans-sc-700")
MISSING = "〓"  # what a printer sets for a sort that is not in the case


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(unpacked())])


@cache
def drawable() -> frozenset[int]:
    """Code points that both weights can draw."""
    return frozenset(set.intersection(*(_code_points(unpacked() / f"{name}.ttf") for name in FILES)))


def shown(text: str) -> str:
    """Every character as the font can draw it; one that it lacks becomes 〓."""
    known = drawable()
    return "".join(c if ord(c) in known or c == "\n" else MISSING for c in text)


def unpacked(folder: Path | None = None) -> Path:
    """The folder with both files; whoever comes first writes them, each in one step."""
    folder = folder or settings.HOME.path / "cache" / PACKED.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if not (folder / f"{name}.ttf").exists():
            _unpack(PACKED / f"{name}.woff2", folder / f"{name}.ttf")
    return folder


def _unpack(source: Path, target: Path) -> None:
    handle, half_done = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with TTFont(source) as font, os.fdopen(handle, "wb") as file:
        font.flavor = None
        font.save(file)
    Path(half_done).replace(target)


def _code_points(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())
