"""The pages name nothing that does not exist."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from anze.cli.__main__ import parser
from anze.cli.demo import accounts
from tests.docs.pages import PAGES, ROOT, command_lines, exists, fenced_commands, links, name_of, paths, spans

TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_named_exists(page: Path) -> None:
    assert [path for path in paths(page) if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_named_exists(page: Path) -> None:
    assert [" ".join(words) for words in command_lines(page) if not known(words)] == []


def known(words: list[str]) -> bool:
    if words[0] == "make":
        return all(word in TARGETS or word.startswith(".venv/") for word in words[1:])
    return known_to(parser(), words[1:])


def known_to(command: argparse.ArgumentParser, words: list[str]) -> bool:
    """Subcommands as far as they go, then only options that the command takes."""
    choices = [a.choices for a in command._actions if isinstance(a, argparse._SubParsersAction)]
    if choices and words and not words[0].startswith("-"):
        return words[0] in choices[0] and known_to(choices[0][words[0]], words[1:])
    return all(word in command._option_string_actions for word in words if word.startswith("-"))


def test_the_readmes_stand_side_by_side() -> None:
    english, chinese = (ROOT / name for name in ("README.md", "README.zh-CN.md"))
    pictures = [[link for link in links(page) if link.endswith(".png")] for page in (english, chinese)]
    assert pictures[0] == pictures[1] != []
    commands = [list(fenced_commands(page)) for page in (english, chinese)]
    assert commands[0] == commands[1] == [["make", "run"], ["make", "test"]]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_accounts_printed_are_those_of_the_demonstration(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    shown = re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE)
    assert len(shown) > 3
    assert set(shown) <= {account.username for account in accounts()}
    assert {f"`{account.password}`" for account in accounts()} <= {f"`{span}`" for span in spans(ROOT / name)}


def test_every_decision_is_listed_with_its_number() -> None:
    folder = ROOT / "docs" / "decisions"
    notes = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in notes] == list(range(1, len(notes) + 1))
    assert [link for link in links(folder / "README.md") if link.endswith(".md")] == notes
    for name in notes:
        text = (folder / name).read_text("utf-8")
        assert text.startswith(f"# {int(name[:4])}. ")
        parts = ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**")
        places = [text.find(part) for part in parts]
        assert min(places) > 0, name
        assert places == sorted(places), name
