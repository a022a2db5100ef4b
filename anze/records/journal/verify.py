"""Does a chain of the journal still hold? Standard library only: an outsider runs this file on an export.

    python verify.py export.jsonl

Rule 1: an entry's digest covers all its content and the digest of the entry before it.
Rule 2: the head that the export names covers the last entry, so that cutting the tail shows.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST = "0" * 64
FORMAT = "anze-journal-1"


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing wrong at a number of a chain. Number 0: the chain as a whole."""

    chain: str
    number: int
    problem: str

    def __str__(self) -> str:
        return f"{self.chain} 第 {self.number} 条：{self.problem}"


def canonical(values: Any) -> bytes:
    """One byte string for one content: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest_of(values: Any) -> str:
    """SHA-256 of the canonical JSON. Personal values need a salt among them."""
    return hashlib.sha256(canonical(values)).hexdigest()


HASHED = (
    "chain",
    "number",
    "at",
    "account",
    "actor",
    "action",
    "rows",
    "reason_digest",
    "previous",
)


def entry_digest(entry: Mapping[str, Any]) -> str:
    return digest_of({name: entry[name] for name in HASHED})


def reason_digest(reason: str, salt: str) -> str:
    return digest_of([salt, reason])


def breaks_in(
    chain: str, entries: Iterable[Mapping[str, Any]], *, length: int, head: str, published: Mapping[int, str]
) -> Iterator[Break]:
    """Everything wrong with a chain. `entries` by number; `published`: number -> digest noted elsewhere."""
    previous, expected = FIRST, 1
    for entry in entries:
        number = entry["number"]
        problems = [
            *_out_of_order(entry, expected, previous),
            *_wrong_within(chain, entry, published.get(number)),
        ]
        yield from (Break(chain, number, problem) for problem in problems)
        previous, expected = entry["digest"], number + 1
    if expected - 1 != length:
        yield Break(chain, 0, f"链头记 {length} 条，实有 {expected - 1} 条：末尾被截断或有多余。")
    if previous != head:
        yield Break(chain, 0, "链头摘要与最后一条不符。")
    for number in published:
        if number >= expected:
            yield Break(chain, number, "已公布过这一条，现已不存在。")


def _out_of_order(entry: Mapping[str, Any], expected: int, previous: str) -> Iterator[str]:
    if entry["number"] != expected:
        yield f"应为第 {expected} 条：中间有记录被删除、插入或调换。"
    if entry["previous"] != previous:
        yield "与前一条的摘要接不上。"


def _wrong_within(chain: str, entry: Mapping[str, Any], published: str | None) -> Iterator[str]:
    if entry["chain"] != chain:
        yield f"属于另一条链 {entry['chain']}。"
    if entry["digest"] != entry_digest(entry):
        yield "内容与摘要不符，已被改动。"
    if not _reason_holds(entry):
        yield "原因与其摘要不符，已被改动。"
    if published is not None and published != entry["digest"]:
        yield "与已公布的摘要不符。"


def _reason_holds(entry: Mapping[str, Any]) -> bool:
    """An erased reason leaves its digest behind; a reason that stands must fit it."""
    if entry["reason"] is None:
        return True
    return bool(reason_digest(entry["reason"], entry["reason_salt"]) == entry["reason_digest"])


def verify_export(path: Path) -> list[Break]:
    """An export: one JSON line for the chain, then one for each entry. An unreadable line is a break too."""
    header: dict[str, Any] | None = None
    entries: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as lines:
        for count, line in enumerate(lines):
            try:
                row = json.loads(line)
                if count == 0:
                    header = _header(row)
                else:
                    entries.append(_entry(row))
            except (ValueError, KeyError, TypeError):
                return [Break(str(path), count, "这一行读不懂，文件已损坏。")]
    if header is None:
        return [Break(str(path), 0, "文件是空的。")]
    return list(
        breaks_in(header["chain"], entries, length=header["length"], head=header["head"], published={})
    )


def _header(row: dict[str, Any]) -> dict[str, Any]:
    if row["format"] != FORMAT or not isinstance(row["length"], int):
        raise ValueError(row["format"])
    return {name: row[name] for name in ("chain", "length", "head")}


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(row["number"], int):
        raise TypeError("number")
    return {name: row[name] for name in (*HASHED, "digest", "reason", "reason_salt")}


def main(arguments: list[str]) -> int:
    breaks = [found for name in arguments for found in verify_export(Path(name))]
    for found in breaks:
        sys.stdout.write(f"{found}\n")
    sys.stdout.write(f"{len(arguments)} 个文件，{len(breaks)} 处不符。\n")
    return 1 if breaks else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
