"""Catalogue files from disk: strict YAML, every scalar as text, the line of every node, digests.

Rule 1: duplicate keys, aliases and tags are refused; the common loaders keep the last key silently.
Rule 2: an edition is the first 12 hex digits of the SHA-256 of the file's bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import yaml

from anze.rules.catalogue.nodes import Node, Series, Table, Text
from anze.rules.catalogue.problems import CatalogueErrors, Problem, Problems, Refusal


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
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refusal(Problem(name, line, "文件不是 UTF-8 编码", "另存为 UTF-8")) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Refusal(
            Problem(name, line, f"不是合法的 YAML：{error.problem}", "检查缩进、冒号和引号")
        ) from error
    except yaml.YAMLError as error:
        raise Refusal(Problem(name, 0, "含有不可用的字符", "删去控制字符")) from error
    if root is None:
        raise Refusal(Problem(name, 0, "文件是空的", "填写内容或删去文件"))
    return _Reader(name, problems).node(root)


class _Reader:
    def __init__(self, name: str, problems: Problems) -> None:
        self.name = name
        self.problems = problems
        self.seen: set[int] = set()

    def node(self, raw: yaml.Node) -> Node:
        line = raw.start_mark.line + 1
        # A node met twice is an alias; following one could also go round in circles.
        if id(raw) in self.seen:
            raise Refusal(Problem(self.name, line, "不使用 YAML 的锚点和引用", "把内容原样再写一遍"))
        self.seen.add(id(raw))
        if not raw.tag.startswith("tag:yaml.org,2002:"):
            raise Refusal(Problem(self.name, line, f"不使用 YAML 标签“{raw.tag}”", "删去标签"))
        if isinstance(raw, yaml.ScalarNode):
            return Text(raw.value.strip(), self.name, line)
        if isinstance(raw, yaml.SequenceNode):
            return Series(tuple(self.node(item) for item in raw.value), self.name, line)
        return self._table(raw, line)

    def _table(self, raw: yaml.Node, line: int) -> Table:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in raw.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise Refusal(Problem(self.name, key_line, "键必须是文字", "把键写成一个词"))
            key = key_node.value
            if key in entries:
                remedy = f"第 {lines[key]} 行已有此键，只保留一处"
                self.problems.add(Problem(self.name, key_line, f"键“{key}”重复", remedy))
            entries[key] = self.node(value)
            lines[key] = key_line
        return Table(entries, lines, self.name, line)
