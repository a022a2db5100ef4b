"""What a sheet to be imported looks like: its columns, derived from a kind of record, or those of a roster.

Rule 1: the id of a column is the key under which a form reports an error, so that both speak of one place.
Rule 2: headings differ from each other; a person finds them again in the form of the same kind.
Rule 3: what a record says of items of others is chosen in its form, and has no column; nor have files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from anze.rules.catalogue.model import EvidenceKind, FieldSpec, Role
from anze.rules.evidence import PERSON_SUBJECTS

PEOPLE, VEHICLES = "people", "vehicles"
NUMBER = "number"  # the column of a record's own number: it tells what is known already
PARTS = "parts."
VALUES = "values."
SUBJECTS = "subjects."
ABOUT = "about"
MAKES_UP = "makes_up"
ATTESTS = "attests"


@dataclass(frozen=True, slots=True)
class Column:
    """`type`: one of those that `cells` reads: text, day, moment, choice, people, plates …"""

    id: str
    name: str
    type: str
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)  # stored value -> Chinese word
    hint: str = ""
    once: bool = False  # no value stands twice in one sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """`of`: the kind of record, PEOPLE or VEHICLES. `repeated`: columns left to the row above."""

    of: str
    name: str
    columns: tuple[Column, ...]
    repeated: frozenset[str] = frozenset()

    def column(self, column_id: str) -> Column:
        return next(column for column in self.columns if column.id == column_id)

    def place(self, key: str) -> str:
        """The column to which an error of a form belongs; the first where it has none of its own."""
        ids = [column.id for column in self.columns]
        return next((name for name in ids if name == key or name.startswith(f"{key}.")), ids[0])


def sheet_of(kind: EvidenceKind, *, events: bool = False, attests: Mapping[str, str] | None = None) -> Sheet:
    """`events`: records of the kind can answer an event; `attests`: duties of which they can speak."""
    columns = [
        Column("title", "标题", "text", required=True),
        Column("happened_at", "发生时间", "moment", required=True, hint="如 2026-05-08 09:30，可只写日期"),
        Column("ended_at", "结束时间", "moment"),
    ]
    if not any(spec.id == "hours" for spec in kind.fields):
        columns.append(Column("hours", "时长（小时）", "decimal"))
    columns += [_field(spec) for spec in kind.fields if spec.type != "settlements"]
    columns += [
        Column(PARTS + role, label, "people", hint=_part_hint(kind)) for role, label in _roles(kind).items()
    ]
    if "vehicle" in kind.subjects:
        columns.append(Column(SUBJECTS + "vehicle", "车辆", "plates", hint="车牌号，多辆用顿号隔开"))
    if "department" in kind.subjects:
        columns.append(
            Column(SUBJECTS + "department", "部门", "units", hint="部门、车队等机构的名称，多个用顿号隔开")
        )
    if events:
        columns.append(
            Column(
                ABOUT,
                "针对事件的编号",
                "number",
                hint="事件的编号，如 SG-2026-0001；由表格导入的事件也可写原编号",
            )
        )
    if attests:
        columns.append(Column(ATTESTS, "声明的责任", "choice", choices=attests))
    columns.append(Column(MAKES_UP, "补办期间的首日", "day", hint="补办逾期未履行的一期时，填该期的第一天"))
    columns.append(
        Column(
            NUMBER, "编号", "number", hint="新记录留空，或写原来的编号；导出的编号用来识别已有记录", once=True
        )
    )
    return Sheet(kind.id, kind.name, _distinct(columns))


def people_sheet(posts: Mapping[str, str]) -> Sheet:
    """`posts`: position id -> name, of the company's trade."""
    columns = (
        Column("name", "姓名", "text", required=True),
        Column("phone", "电话", "phone", hint="手机或带区号的座机"),
        Column("joined_on", "入职日期", "day", required=True, hint="如 2026-05-08"),
        Column("driver", "驾驶员", "bool", hint="填“是”或“否”，空着为“否”"),
        Column("unit", "机构", "units", hint="机构或部门的名称"),
        Column("position", "岗位", "choice", choices=posts),
        Column("since", "任职日期", "day", hint="有岗位时填写；空着为入职日期"),
        Column("until", "离任日期", "day", hint="这一天起不再任职；仍在任的空着"),
        Column("left_on", "离职日期", "day", hint="这一天起不再在职；在职的空着"),
    )
    return Sheet(PEOPLE, "人员", columns)


def vehicles_sheet() -> Sheet:
    columns = (
        Column("plate", "车牌号", "plate", required=True, hint="如 浙B12345", once=True),
        Column("since", "入册日期", "day", required=True, hint="如 2026-05-08"),
        Column("unit", "机构", "units", hint="机构或部门的名称"),
        Column("until", "退出日期", "day", hint="这一天起不再属于本企业；在册的空着"),
    )
    return Sheet(VEHICLES, "车辆", columns)


def _field(spec: FieldSpec) -> Column:
    types = {"date": "day", "number": "decimal", "money": "decimal", "hours": "decimal"}
    kind = "identity" if "身份证号" in spec.name else types.get(spec.type, spec.type)
    hint = f"一行一项：{'｜'.join(spec.columns.values())}" if spec.type == "items" else spec.hint
    return Column(VALUES + spec.id, spec.name, kind, spec.required, spec.choices, hint)


def _roles(kind: EvidenceKind) -> dict[str, str]:
    """Role -> heading; a person whom the record covers has one even where the form names none."""
    roles = {str(role): label for role, label in kind.roles.items()}
    if PERSON_SUBJECTS & set(kind.subjects):
        roles.setdefault(Role.SUBJECT.value, "对象（人员）")
    return roles


def _part_hint(kind: EvidenceKind) -> str:
    named = "姓名，多人用顿号隔开；重名时加手机后四位，如 张伟5678"
    if kind.attendance:
        named += "；未到场的写 张伟（请假）或 张伟（缺席）"
    return f"{named}；成绩写 张伟（92分）或 张伟（合格）" if kind.results else named


def _distinct(columns: list[Column]) -> tuple[Column, ...]:
    """Where two say the same, the later one is numbered."""
    seen: Counter[str] = Counter()
    named = []
    for column in columns:
        seen[column.name] += 1
        count = seen[column.name]
        named.append(column if count == 1 else replace(column, name=f"{column.name}（{count}）"))
    return tuple(named)
