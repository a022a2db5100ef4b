"""What no file of the repository may hold, and what every exception must say."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDORED = "anze/web/static/vendor/"

# Written in two halves, so that this file does not hold them.
REGISTRIES = [
    "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "npm" + "mirror.com",
    "registry." + "yarnpkg.com", "mirrors." + "aliyun.com", "tuna." + "tsinghua.edu.cn", "--index" + "-url",
    "--extra-index" + "-url", "--find" + "-links http",
]  # fmt: skip
MACHINE = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+|Users/\w+|mnt|tmp/\w|tmp/bash\w*)/")
REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\])\s+(?:--?|—|#) ?\w"
)
MARK = re.compile(r"#\s*(?:noqa\b|type:\s*ignore)")


@cache
def tracked() -> tuple[str, ...]:
    """Files that git tracks, and new ones that it does not ignore."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def lines_of(*endings: str, vendored: bool = False) -> Iterator[tuple[str, str]]:
    """(place, line) of every text file with one of the endings; of all text files without."""
    for name in tracked():
        if (endings and not name.endswith(endings)) or (not vendored and name.startswith(VENDORED)):
            continue
        content = (ROOT / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            yield f"{name}:{number}", line


def test_there_is_something_to_look_at() -> None:
    assert len(tracked()) > 100


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_registry(host: str) -> None:
    assert [place for place, line in lines_of(vendored=True) if host in line] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert [f"{place}: {line.strip()[:80]}" for place, line in lines_of() if MACHINE.search(line)] == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    later = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
    assert [
        place for place, line in lines_of(".py", ".html", ".js", ".css", ".yaml", ".md") if later.search(line)
    ] == []


def test_every_exception_from_a_check_gives_its_reason() -> None:
    silent = [
        place
        for place, line in lines_of(".py")
        if MARK.search(line)
        and not REASON.search(line)
        and not ("type" in line and place.startswith("tests/"))
    ]
    assert [place for place in silent if not place.startswith("tests/architecture/")] == []


def test_pages_hold_no_inline_script() -> None:
    """The content security policy lets none run."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
    assert [place for place, line in lines_of(".html") if inline.search(line)] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    elsewhere = re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
    assert [place for place, line in lines_of(".html") if elsewhere.search(line)] == []
