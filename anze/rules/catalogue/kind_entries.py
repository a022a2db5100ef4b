"""Evidence kinds: what a record of a kind holds, who has a part in it, how long it is kept.

Rule 1: a field of items has the column `what` first; `who` is a person of the company, `due` a day, any other
column is text.
Rule 2: a kind that settles items of other kinds has one more field, in which it says what became of them.
Rule 3: a kind may be withheld: then the posts it names see its records, and whoever had a part in them.
Rule 4: a kind may be sealed by the holders of the posts that it names alone.
Rule 5: a kind may be sealed by whoever writes it, a driver too: what somebody reports of their own work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from anze.rules.catalogue.model import FOLLOW_UP, EvidenceKind, FieldSpec, Role
from anze.rules.catalogue.nodes import (
    Entry,
    Node,
    Text,
    count_of,
    flag_of,
    id_of,
    items_of,
    pairs_of,
    refusal,
    text_of,
    word_of,
)
from anze.rules.catalogue.shelf import Shelf, citations

FIELD_TYPES = ("text", "longtext", "date", "number", "money", "hours", "choice", "choices", "bool", "items")
CHOOSING = frozenset({"choice", "choices"})  # one of them, several of them
NUMERIC = frozenset({"number", "money", "hours"})
SUBJECTS = ("vehicle", "driver", "department", "employee")
_PREFIX = re.compile(r"[A-Z]{2}", re.ASCII)
_KIND = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?", re.ASCII)
_REQUIRED = ("name", "prefix", "fields", "roles", "retention")
_OPTIONAL = (
    "subjects",
    "attendance",
    "results",
    "attachment_required",
    "expires",
    "starts",
    "event",
    "hint",
    "settles",
    "confirms",
    "seen_by",
    "sealed_by",
    "author_seals",
)
OFFICER = "officer"


def read_kinds(node: Node, shelf: Shelf, prefixes: dict[str, str]) -> None:
    """Places the kinds of one file on the shelf. `prefixes`: number prefix -> kind, over all files."""
    for key, body in pairs_of(Entry(node, shelf.problems, ("kinds",))["kinds"]):
        shelf.place(shelf.kinds, key, partial(_kind, key, body, shelf, prefixes))


def _kind(key: Text, body: Node, shelf: Shelf, prefixes: dict[str, str]) -> EvidenceKind:
    entry = Entry(body, shelf.problems, _REQUIRED, _OPTIONAL)
    settles = _settles(entry, shelf)
    fields = (*_fields(entry["fields"], shelf), *((FOLLOW_UP,) if settles else ()))
    roles = {Role(role.value): text_of(label) for role, label in _roles(entry["roles"])}
    prefix = entry.text("prefix")
    if not _PREFIX.fullmatch(prefix):
        raise entry.refusal("prefix", f"“{prefix}”不能作编号字头", "用两个大写英文字母")
    if not _KIND.fullmatch(key.value):
        raise refusal(key, f"“{key.value}”不能作记录类型的编号", "写成“名词.名词”的样子，如 meeting.safety")
    if prefix in prefixes:
        raise entry.refusal("prefix", f"编号字头“{prefix}”已由“{prefixes[prefix]}”使用", "换一个字头")
    prefixes[prefix] = key.value
    retention = Entry(entry["retention"], shelf.problems, ("months", "cite", "verified"))
    retention.verified()
    return EvidenceKind(
        id=key.value,
        name=entry.text("name"),
        prefix=prefix,
        fields=fields,
        roles=roles,
        subjects=entry.words("subjects", SUBJECTS, "对象"),
        attendance=entry.flag_or("attendance", False),
        results=_results(entry),
        attachment_required=entry.flag_or("attachment_required", False),
        expires_field=_date_field(entry, "expires", fields),
        starts_field=_date_field(entry, "starts", fields),
        event=entry.flag_or("event", False),
        retention_months=count_of(retention["months"]),
        cite=citations(retention["cite"], shelf),
        hint=entry.text_or("hint", ""),
        settles=settles,
        confirms=_confirms(entry, roles),
        seen_by=_seen_by(entry, fields, shelf),
        sealed_by=_posts(entry, "sealed_by", shelf),
        author_seals=entry.flag_or("author_seals", False),
    )


def _results(entry: Entry) -> bool:
    results = entry.flag_or("results", False)
    if results and not entry.flag_or("attendance", False):
        raise entry.refusal(
            "results", "不登记到场情况，就没有每人的成绩", "写上 attendance: true，或去掉 results"
        )
    return results


def _roles(node: Node) -> list[tuple[Text, Node]]:
    roles = list(pairs_of(node))
    for key, _ in roles:
        word_of(key, [role.value for role in Role], "角色")
    if not roles:
        raise refusal(node, "没有任何角色", "至少写一个角色及其中文名")
    return roles


def _fields(node: Node, shelf: Shelf) -> list[FieldSpec]:
    fields: list[FieldSpec] = []
    for item in items_of(node):
        entry = Entry(
            item, shelf.problems, ("id", "name", "type", "required"), ("choices", "hint", "columns")
        )
        name = id_of(entry["id"])
        if name == FOLLOW_UP.id:
            raise entry.refusal(
                "id", f"栏目编号“{name}”已作他用", "换一个编号；逐项落实的栏目由 settles 带来"
            )
        if name in {spec.id for spec in fields}:
            raise entry.refusal("id", f"栏目“{name}”重复", "换一个编号")
        kind = word_of(entry["type"], FIELD_TYPES, "栏目类型")
        if (kind == "hours") != (name == "hours"):
            raise entry.refusal("id", "时长栏目与编号不符", "编号 hours 与类型 hours 一起使用，单位是小时")
        hint = entry.text_or("hint", "")
        choices, columns = _choices(entry, kind), _columns(entry, kind)
        required = flag_of(entry["required"])
        fields.append(FieldSpec(name, entry.text("name"), kind, required, choices, hint, columns))
    return fields


def _choices(entry: Entry, kind: str) -> Mapping[str, str]:
    if (kind in CHOOSING) != ("choices" in entry):
        raise entry.refusal(
            "type", "choices 与栏目类型不符", "type 为 choice 或 choices 时写 choices，其他类型不写"
        )
    if kind not in CHOOSING:
        return {}
    return {key.value: text_of(label) for key, label in pairs_of(entry["choices"])}


def _columns(entry: Entry, kind: str) -> Mapping[str, str]:
    if (kind == "items") != ("columns" in entry):
        raise entry.refusal("type", "columns 与栏目类型不符", "type 为 items 时写 columns，其他类型不写")
    if kind != "items":
        return {}
    columns = {id_of(key): text_of(label) for key, label in pairs_of(entry["columns"])}
    if next(iter(columns), "") != "what" or {"key", "name"} & columns.keys():
        raise entry.refusal(
            "columns", "列的编号不对", "第一列是 what；who 是责任人，due 是期限；key 和 name 另有用途"
        )
    return columns


def _settles(entry: Entry, shelf: Shelf) -> tuple[str, ...]:
    """Kinds may be declared later or in another file: `require_settled` looks them up at the end."""
    nodes = entry.items("settles")
    shelf.settled.extend(nodes)
    return tuple(dict.fromkeys(text_of(node) for node in nodes))


def require_settled(node: Node, shelf: Shelf) -> None:
    """What a kind settles is a kind with a field of items."""
    holding = [
        key
        for key, kind in shelf.kinds.items()
        if kind is None or any(spec.type == "items" for spec in kind.fields)
    ]
    word_of(node, holding, "有事项栏目的记录种类")


def _confirms(entry: Entry, roles: Mapping[Role, str]) -> Mapping[Role, str]:
    if "confirms" not in entry:
        return {}
    pairs = list(pairs_of(entry["confirms"]))
    return {
        Role(word_of(key, [str(role) for role in roles], "本类记录的角色")): text_of(label)
        for key, label in pairs
    }


def _seen_by(entry: Entry, fields: tuple[FieldSpec, ...], shelf: Shelf) -> tuple[str, ...]:
    """What everybody is shown, events and items, cannot be withheld. Posts are looked up at the end."""
    if entry.items("seen_by") and (
        entry.flag_or("event", False) or any(spec.type == "items" for spec in fields)
    ):
        raise entry.refusal("seen_by", "事件和有事项栏目的记录人人要用，不能限定查看", "去掉 seen_by")
    return _posts(entry, "seen_by", shelf)


def _posts(entry: Entry, key: str, shelf: Shelf) -> tuple[str, ...]:
    nodes = entry.items(key)
    shelf.seers.extend(nodes)
    return tuple(dict.fromkeys(text_of(node) for node in nodes))


def require_seer(node: Node, shelf: Shelf) -> None:
    """The last part of a post's id, or an officer of the authority."""
    posts = sorted({key.rsplit(".", 1)[-1] for key in shelf.positions})
    word_of(node, [*posts, OFFICER], "岗位")


def _date_field(entry: Entry, key: str, fields: tuple[FieldSpec, ...]) -> str | None:
    if key not in entry:
        return None
    return word_of(
        entry[key], [spec.id for spec in fields if spec.type == "date" and spec.required], "必填日期栏目"
    )
