"""Catalogue files from disk: strict YAML, every scalar as text, the line of every node, digests.

Rule 1: duplicate keys, aliases and tags are refused; the common loaders keep the last key silently.
Rule 2: an edition is the first 12 hex digits of the SHA-256 of the file's bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from anze.rules.catalogue.nodes import Node, Series, Table, Text
from anze.rules.catalogue.problems import CatalogueErrors, Problem, Problems, Refusal

# The deepest file of the catalogue has nine.
DEEPEST = 30


def files(root: Path, folder: str) -> list[str]:
    """The YAML files under a folder, as paths relative to the root, sorted."""
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.yaml"))


def strays(root: Path, folders: Sequence[str]) -> list[str]:
    """Files that no reader would open: a misspelt folder or extension. FORMAT.md and hidden files stay."""
    found = []
    for path in root.rglob("*"):
        name = path.relative_to(root)
        if path.is_dir() or name.name.startswith(".") or name.as_posix() == "FORMAT.md":
            continue
        if name.suffix != ".yaml" or name.parts[0] not in folders:
            found.append(name.as_posix())
    return sorted(found)


def digest(root: Path, name: str) -> str:
    return hashlib.sha256((root / name).read_bytes()).hexdigest()[:12]


def read(root: Path, name: str, problems: Problems) -> Node | None:
    """The file as nodes, or None with the problem noted."""
    return problems.attempt(lambda: parse((root / name).read_bytes(), name, problems))


def parse(content: bytes, name: str, problems: Problems) -> Node:
    """The nodes of one document. Raises Refusal where the file is no single YAML document."""
    if not hasattr(yaml, "CSafeLoader"):
        raise CatalogueErrors([Problem(name, 0, "PyYAML 没有 C 解析器", "安装带 libyaml 的 PyYAML")])
    builder = _Builder(name, problems)
    try:
        for event in yaml.parse(content.decode("utf-8"), Loader=yaml.CSafeLoader):
            builder.take(event)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refusal(Problem(name, line, "文件不是 UTF-8 编码", "另存为 UTF-8")) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = f"不是合法的 YAML：{error.problem}"
        raise Refusal(Problem(name, line, problem, "检查缩进、冒号和引号")) from error
    except yaml.YAMLError as error:
        raise Refusal(Problem(name, 0, "含有不可用的字符", "删去控制字符")) from error
    if builder.root is None:
        raise Refusal(Problem(name, 0, "文件是空的", "填写内容或删去文件"))
    return builder.root


@dataclass(slots=True)
class _Open:
    """A table or series whose end has not come yet."""

    line: int
    table: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    key: str | None = None


class _Builder:
    """Nodes from the parser's events: no recursion, so that no file can be too deep for the stack."""

    def __init__(self, name: str, problems: Problems) -> None:
        self.name = name
        self.problems = problems
        self.root: Node | None = None
        self._open: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        assert event.start_mark is not None, "the parser marks every event"
        line = event.start_mark.line + 1
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise self._refusal(line, "不使用 YAML 的锚点和引用", "把内容原样再写一遍")
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._refusal(line, "一个文件里有几份 YAML", "每份写成一个文件，删去“---”")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            raise self._refusal(line, f"不使用 YAML 标签“{event.tag}”", "删去标签")
        if isinstance(event, yaml.ScalarEvent):
            self._place(Text(event.value.strip(), self.name, line), line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(line, isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _begin(self, line: int, table: bool) -> None:
        if len(self._open) >= DEEPEST:
            raise self._refusal(line, f"层次超过 {DEEPEST} 层", "检查括号和缩进")
        if self._open and self._open[-1].table and self._open[-1].key is None:
            raise self._refusal(line, "键必须是文字", "把键写成一个词")
        self._open.append(_Open(line, table))

    def _end(self) -> None:
        whole = self._open.pop()
        if whole.table:
            self._place(Table(whole.entries, whole.lines, self.name, whole.line), whole.line)
        else:
            self._place(Series(tuple(whole.items), self.name, whole.line), whole.line)

    def _place(self, node: Node, line: int) -> None:
        if not self._open:
            self.root = node
            return
        into = self._open[-1]
        if not into.table:
            into.items.append(node)
        elif into.key is None:
            assert isinstance(node, Text), "a key that is no text was refused where it began"
            self._key(into, node.value, line)
        else:
            into.entries[into.key] = node
            into.key = None

    def _key(self, into: _Open, key: str, line: int) -> None:
        if key in into.lines:
            remedy = f"第 {into.lines[key]} 行已有此键，只保留一处"
            self.problems.add(Problem(self.name, line, f"键“{key}”重复", remedy))
        into.key = key
        into.lines[key] = line

    def _refusal(self, line: int, problem: str, remedy: str) -> Refusal:
        return Refusal(Problem(self.name, line, problem, remedy))
