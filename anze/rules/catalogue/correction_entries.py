"""`corrects:` what an earlier edition got wrong, from which day it mattered, why, and who found it.

Rule 1: one entry for each edition that held the error; entries are added, never taken away.
"""

from __future__ import annotations

import re

from anze.rules.catalogue.model import Misreading
from anze.rules.catalogue.nodes import Entry, Node, Table, day_of, items_of, refusal, text_of
from anze.rules.catalogue.problems import Problems

_KEYS = ("edition", "from", "was", "why", "found")
_EDITION = re.compile(r"[0-9a-f]{12}", re.ASCII)


def limit_misreadings(node: Node, problems: Problems) -> tuple[Misreading, ...]:
    """Of a file of limits: `corrects:` beside its `terms:`."""
    entries = node.entries if isinstance(node, Table) else {}
    return misreadings(entries["corrects"], problems) if "corrects" in entries else ()


def misreadings(node: Node, problems: Problems) -> tuple[Misreading, ...]:
    found: list[Misreading] = []
    for item in items_of(node):
        one = _misreading(Entry(item, problems, _KEYS))
        if one.edition in {known.edition for known in found}:
            raise refusal(item, f"版本“{one.edition}”的更正重复", "一个版本只写一条，把几处误读写在一起")
        found.append(one)
    if not found:
        raise refusal(node, "更正是空的", "写明所更正的版本，或删去 corrects")
    return tuple(found)


def _misreading(entry: Entry) -> Misreading:
    edition = text_of(entry["edition"])
    if not _EDITION.fullmatch(edition):
        remedy = "照 editions 下的文件名填写 12 位小写十六进制数字"
        raise entry.refusal("edition", f"“{edition}”不是版本", remedy)
    found = entry.text("found")
    if found in ("true", "false"):
        raise entry.refusal("found", "没有写明何人发现", "写明何人何日对照何文发现")
    return Misreading(edition, day_of(entry["from"]), entry.text("was"), entry.text("why"), found)
