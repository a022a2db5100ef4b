"""Fields of several rows: items to be followed up, and what became of earlier ones.

A value is canonical JSON text, so that every value of a record is text. Items are also read from lines of
plain text, one item a line, its columns divided by ｜: what an import holds, and what `shown` gives.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any

from anze.records.evidence.texts import LONGEST_TEXT, WrongValue, clean_text, day_text
from anze.rules.catalogue.model import FieldSpec
from anze.rules.items import NEEDS_REMARK, Result

MOST_ROWS = 100
LONGEST_WHAT = 500
LONGEST_VALUE = 200_000
LARGEST_ID = 2**63 - 1
DIVIDER = "｜"
RESULTS = {Result.DONE: "已完成", Result.UNFINISHED: "未完成", Result.CANCELLED: "取消"}
REMARKS = {Result.UNFINISHED: "措施", Result.CANCELLED: "原因"}
_NUMBERED = re.compile(r"\d{1,3}[.．、]\s*")
_KEY = re.compile(r"[0-9a-f]{8}")
_NAMESAKE = re.compile(r"(.+)（([0-9]{1,18})）")
_DIVIDERS = re.compile(r"[｜|\t]")
TABLES = frozenset({"items", "settlements"})


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One row. `key` names it within its field for ever, through revisions too; "" before it has one."""

    what: str
    key: str = ""
    who: int | None = None
    name: str = ""
    due: date | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettlementInput:
    """What a record says of an item. `record`: the first of the revisions that hold it."""

    record: int
    field: str
    key: str
    result: Result | None
    remark: str = ""
    due: date | None = None
    number: str = ""
    what: str = ""

    @property
    def reference(self) -> str:
        return f"{self.record}.{self.field}.{self.key}"


def items_in(value: str) -> tuple[ItemInput, ...]:
    """Of a canonical value."""
    return tuple(_item(row) for row in json.loads(value)) if value else ()


def settlements_in(value: str) -> tuple[SettlementInput, ...]:
    return tuple(_settlement(row) for row in json.loads(value)) if value else ()


def items_value(rows: Iterable[ItemInput]) -> str:
    return _json([_plain_item(row) for row in rows])


def settlements_value(rows: Iterable[SettlementInput]) -> str:
    return _json([_plain_settlement(row) for row in rows])


def canonical_items(spec: FieldSpec, text: str) -> str:
    """JSON rows, or lines of text. Empty rows go; new rows get the next keys. Raises WrongValue."""
    rows = [
        row for row in _rows_of(spec, text) if any(str(v or "").strip() for k, v in row.items() if k != "key")
    ]
    if len(rows) > MOST_ROWS:
        raise WrongValue(f"最多 {MOST_ROWS} 行，现有 {len(rows)} 行。")
    found = [_sound_item(spec, number, row) for number, row in enumerate(rows, start=1)]
    keys = [row.key for row in found if row.key]
    if len(keys) != len(set(keys)):
        raise WrongValue("有两行的序号相同，请刷新页面后重填。")
    return items_value(_with_keys(found)) if found else ""


def canonical_settlements(_: FieldSpec, text: str) -> str:
    """JSON rows; those of which nothing is said go. Raises WrongValue."""
    rows = _loaded(text)
    if rows is None:
        raise WrongValue("请在填写页面上逐项选择结果，不能用文字代替。")
    found = [row for row in (_sound_settlement(row) for row in rows) if row.result is not None]
    if len({(row.record, row.field, row.key) for row in found}) != len(found):
        raise WrongValue("同一事项写了两次结果。")
    return settlements_value(found) if found else ""


def shown(spec: FieldSpec, value: str) -> tuple[str, ...]:
    """A field of several rows as lines of Chinese text, for pages, prints and exports alike."""
    if spec.type == "items":
        return tuple(f"{n}. {_item_line(spec, row)}" for n, row in enumerate(items_in(value), start=1))
    return tuple(f"{n}. {_settlement_line(row)}" for n, row in enumerate(settlements_in(value), start=1))


def unexplained(value: str) -> tuple[SettlementInput, ...]:
    """Not done without a measure, dropped without a reason: that much is asked at sealing."""
    return tuple(row for row in settlements_in(value) if row.result in NEEDS_REMARK and not row.remark)


def _rows_of(spec: FieldSpec, text: str) -> list[dict[str, Any]]:
    rows = _loaded(text)
    if rows is not None:
        return rows
    return [_line(spec, line) for line in text.splitlines() if line.strip()]


def _loaded(text: str) -> list[dict[str, Any]] | None:
    """None for a text that is no JSON at all."""
    if not text.startswith("["):
        return None
    try:
        if len(text) > LONGEST_VALUE:
            raise ValueError
        rows = json.loads(text)
        if not all(isinstance(row, dict) for row in rows):
            raise ValueError
    except (ValueError, RecursionError):
        raise WrongValue("表格数据损坏，请刷新页面后重填。") from None
    return list(rows)


def _line(spec: FieldSpec, line: str) -> dict[str, Any]:
    """换装灭火器｜责任人 张三｜完成期限 2026-12-31; labels may be left out where columns are in order."""
    row: dict[str, Any] = {}
    columns = list(spec.columns)
    for index, cell in enumerate(_DIVIDERS.split(_NUMBERED.sub("", line.strip(), count=1))):
        text = cell.strip()
        named = next((c for c, label in spec.columns.items() if index and text.startswith(f"{label} ")), None)
        column = named or (columns[index] if index < len(columns) else None)
        if column is None:
            raise WrongValue(f"“{line[:30]}”多于 {len(columns)} 列。")
        row[column] = text.removeprefix(f"{spec.columns[column]} ") if named else text
    if "who" in row:
        row["name"] = row.pop("who")
    return row


def _sound_item(spec: FieldSpec, number: int, row: Mapping[str, Any]) -> ItemInput:
    where = f"第 {number} 行"
    what = _cell(row, "what")
    if not what:
        raise WrongValue(f"{where}没有填写“{spec.columns['what']}”。")
    if len(what) > LONGEST_WHAT:
        raise WrongValue(f"{where}的“{spec.columns['what']}”最多 {LONGEST_WHAT} 字。")
    more = {}
    for column in spec.columns.keys() - {"what", "who", "due"}:
        if text := _cell(row, column):
            more[column] = _short(text, f"{where}的“{spec.columns[column]}”")
    who, name = _person(row, where) if "who" in spec.columns else (None, "")
    return ItemInput(
        what=what,
        key=_key(row),
        who=who,
        name=name,
        due=_due(row, where) if "due" in spec.columns else None,
        more={column: more[column] for column in spec.columns if column in more},
    )


def _sound_settlement(row: Mapping[str, Any]) -> SettlementInput:
    result, record = _cell(row, "result"), _cell(row, "record")
    if result and result not in set(Result):
        raise WrongValue("请从结果中选择：" + "、".join(RESULTS.values()) + "。")
    if not record.isascii() or not record.isdecimal() or not 0 < int(record) <= LARGEST_ID:
        raise WrongValue("表格数据损坏，请刷新页面后重填。")
    what = _cell(row, "what")[:LONGEST_WHAT]
    postponed = result == Result.UNFINISHED
    return SettlementInput(
        record=int(record),
        field=_cell(row, "field")[:40],
        key=_key(row),
        result=Result(result) if result else None,
        remark=_short(_cell(row, "remark"), f"“{what[:20]}”的措施或原因"),
        due=_due(row, f"“{what[:20]}”") if postponed else None,
        number=_cell(row, "number")[:30],
        what=what,
    )


def _cell(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return " ".join(clean_text(str(value)).split()) if isinstance(value, str | int) else ""


def _key(row: Mapping[str, Any]) -> str:
    key = _cell(row, "key")
    return key if _KEY.fullmatch(key) else ""


def _person(row: Mapping[str, Any], where: str) -> tuple[int | None, str]:
    """An id, or a name; namesakes are told apart as 张伟（12）."""
    name = _short(_cell(row, "name"), f"{where}的姓名")
    told = _NAMESAKE.fullmatch(name)
    text = told[2] if told else _cell(row, "who")
    who = int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else None
    return who, told[1] if told else name


def _short(text: str, where: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise WrongValue(f"{where}最多 {LONGEST_TEXT} 字，现有 {len(text)} 字。")
    return text


def _due(row: Mapping[str, Any], where: str) -> date | None:
    text = unicodedata.normalize("NFKC", _cell(row, "due"))
    try:
        return date.fromisoformat(day_text(text)) if text else None
    except WrongValue as problem:
        raise WrongValue(f"{where}的期限：{problem}") from None


def _with_keys(rows: Sequence[ItemInput]) -> list[ItemInput]:
    """A new row's key follows from its words: another row never takes over what was said of one removed."""
    taken = {row.key for row in rows}
    found = []
    for row in rows:
        key = row.key or next(k for k in map(partial(_fresh, row.what), count()) if k not in taken)
        taken.add(key)
        found.append(replace(row, key=key))
    return found


def _fresh(what: str, attempt: int) -> str:
    return sha256(f"{attempt}{what}".encode()).hexdigest()[:8]


def _item(row: Mapping[str, Any]) -> ItemInput:
    due = date.fromisoformat(row["due"]) if "due" in row else None
    fixed = ("what", "key", "who", "name", "due")
    more = {name: text for name, text in row.items() if name not in fixed}
    return ItemInput(row["what"], row["key"], row.get("who"), row.get("name", ""), due, more)


def _settlement(row: Mapping[str, Any]) -> SettlementInput:
    due = date.fromisoformat(row["due"]) if "due" in row else None
    texts = row.get("remark", ""), due, row.get("number", ""), row.get("what", "")
    return SettlementInput(row["record"], row["field"], row["key"], Result(row["result"]), *texts)


def _plain_item(row: ItemInput) -> dict[str, Any]:
    due = row.due.isoformat() if row.due else None
    given = {"key": row.key, "what": row.what, "who": row.who, "name": row.name, "due": due, **row.more}
    return {name: value for name, value in given.items() if value not in (None, "")}


def _plain_settlement(row: SettlementInput) -> dict[str, Any]:
    given = {
        "record": row.record,
        "field": row.field,
        "key": row.key,
        "number": row.number,
        "what": row.what,
        "result": str(row.result),
        "remark": row.remark,
        "due": row.due.isoformat() if row.due else None,
    }
    return {name: value for name, value in given.items() if value not in (None, "")}


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _item_line(spec: FieldSpec, row: ItemInput) -> str:
    cells = {"what": row.what, "who": row.name, "due": row.due.isoformat() if row.due else "", **row.more}
    words = [f"{label} {cells[column]}" for column, label in spec.columns.items() if cells.get(column)]
    return DIVIDER.join([row.what, *words[1:]])


def _settlement_line(row: SettlementInput) -> str:
    assert row.result is not None
    said = (
        f"{row.what}（{row.number}）：{RESULTS[row.result]}"
        if row.number
        else f"{row.what}：{RESULTS[row.result]}"
    )
    if row.remark:
        said += f"，{REMARKS.get(row.result, '说明')}：{row.remark}"
    return said + (f"，延至 {row.due.isoformat()}" if row.due else "")
