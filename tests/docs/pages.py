"""The project's own pages, and what they name: files, addresses of other pages, commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "catalogue/*.md")
    for path in ROOT.glob(pattern)
    if path.name != "benchmarks.md"
)
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PLACEHOLDER = re.compile(r"<[a-z]+>")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def spans(page: Path) -> list[str]:
    return CODE.findall(FENCE.sub("", page.read_text("utf-8")))


def links(page: Path) -> list[str]:
    found = LINK.findall(FENCE.sub("", page.read_text("utf-8")))
    return [link.partition("#")[0] for link in found if "://" not in link and not link.startswith("#")]


def paths(page: Path) -> list[str]:
    """Code spans that read like a path of the repository: a known first folder, or a file at the root."""
    tops = {path.name for path in ROOT.iterdir()} | {"anze", "catalogue", "tests", "docs", "requirements"}
    found = [span for span in spans(page) if " " not in span and not span.startswith("/")]
    return [span for span in found if span.partition("/")[0] in tops and ("/" in span or "." in span)]


def exists(path: str) -> bool:
    """`<noun>` stands for anything that is there."""
    pattern = PLACEHOLDER.sub("*", path).rstrip("/")
    return any(True for _ in ROOT.glob(pattern))


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words of every `anze …` and `make …`, in code spans and in fenced blocks."""
    for line in spans(page):
        yield from _commands(line)
    yield from fenced_commands(page)


def fenced_commands(page: Path) -> Iterator[list[str]]:
    for block in FENCE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            yield from _commands(line.partition(" #")[0])


def _commands(line: str) -> Iterator[list[str]]:
    for part in line.split("&&"):
        words = [word for word in part.split() if not re.fullmatch(r"[A-Z_]+=\S*", word)]
        words = words[words.index("*") + 1 :] if "*" in words else words
        if len(words) > 1 and words[0].rpartition("/")[2] in ("anze", "make"):
            yield [words[0].rpartition("/")[2], *words[1:]]
