"""A record, or a kind to be filled in by hand, as words in order: the same for page, Word, PDF and pack."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from anze.records.acting.context import current
from anze.records.demands import queries as demands
from anze.records.evidence.files import path_of
from anze.records.evidence.queries import PartRow, RecordDetail
from anze.records.tenants.queries import CompanyRow
from anze.rules.catalogue.model import EvidenceKind, FieldSpec, Role
from anze.rules.periods import ONE_DAY
from anze.web.records.forms import label_of
from anze.web.records.kinds import kind_or_none
from anze.web.records.roster import SUBJECT_NAMES
from anze.web.ui.words import say_day, say_moment

WORD_LAYOUT, PDF_LAYOUT = (Path(__file__).with_name("layouts") / f"record.{e}" for e in ("docx", "typ"))
WHOLE = (
    "记录",
    "登记",
    "台账",
    "档案",
    "计划",
    "资料",
    "责任书",
    "方案",
    "文件",
    "清单",
    "证明",
    "报表",
    "合同",
)
SIGNS = (Role.CHAIR, Role.ORGANISER, Role.SIGNER, Role.INSPECTOR, Role.RECORDER)
LEAD_ROLES = SIGNS[:4]
MARKS = {"draft": "草稿", "void": "已作废", "superseded": "已修订"}
SHORT = 14  # characters that stand in half a row
LINES_TO_WRITE = {"longtext": 6, "items": 5, "settlements": 4}
ROWS_TO_SIGN, ROWS_TO_NAME = 20, 4
DAY_BLANK, MOMENT_BLANK = "　　　　年　　月　　日", "　　　年　　月　　日　　时　　分"
TICK = "（　）"  # the font has no box
SHORT_TYPES = frozenset({"text", "date", "number", "money", "hours", "bool"})


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: one wide cell, or two beside each other. `room`: lines left to write on."""

    cells: tuple[Cell, ...]
    room: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """`mark`: what the paper must not be taken for; `roll`: name of the table of people, or nothing."""

    title: str
    company: str
    number: str
    reference: str  # 文号, or nothing: then it is written by hand
    mark: str
    mark_note: str
    lines: tuple[Line, ...]
    roll: str
    heads: tuple[str, ...]
    people: tuple[tuple[str, ...], ...]  # a text for each head
    signatures: tuple[str, ...]  # for each of them: a picture of the name they wrote, in base64, or nothing
    signers: tuple[str, ...]
    written: tuple[str, ...]
    source: str
    code: str = ""  # SVG: where its photograph is sent
    code_note: str = ""

    @property
    def inked(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Each person's texts, but for the last, with the picture that stands there."""
        return ((texts[:-1], picture) for texts, picture in zip(self.people, self.signatures, strict=True))


def sheet_of(detail: RecordDetail, company: CompanyRow) -> RecordSheet:
    kind = kind_or_none(detail.kind)
    attends = kind is not None and kind.attendance
    timed = any(_hours_of(part, detail) for part in detail.parts)
    scored = any(part.result_label for part in detail.parts)
    return RecordSheet(
        title=title_of(detail.kind_name),
        company=company.name,
        number=detail.number or "（草稿，未编号）",
        reference=next((row.display for row in detail.fields if row.label == "文号"), ""),
        mark=MARKS.get(detail.status, ""),
        mark_note=_mark_note(detail),
        lines=tuple(_paired(_cells(detail))),
        roll=("签到表" if attends else "签名表") if detail.parts else "",
        heads=_heads(attends, timed, scored),
        people=tuple(
            _present(n, part, detail, (attends, timed, scored)) for n, part in enumerate(detail.parts, 1)
        ),
        signatures=tuple(_signature(part) for part in detail.parts),
        signers=signers_of(kind, {part.role for part in detail.parts}),
        written=_written(detail),
        source=_source(detail),
    )


def blank_sheet(kind: EvidenceKind, company: CompanyRow) -> RecordSheet:
    """To be filled in by hand, and entered afterwards."""
    rows, heads = (
        ROWS_TO_SIGN if kind.attendance else ROWS_TO_NAME,
        _heads(kind.attendance, kind.attendance, kind.results),
    )
    return RecordSheet(
        title=title_of(kind.name),
        company=company.name,
        number="（封存后由系统给出）",
        reference="",
        mark="",
        mark_note="",
        lines=_blank_lines(kind),
        roll="签到表" if kind.attendance else "签名表",
        heads=heads,
        people=tuple((str(n), *[""] * (len(heads) - 1)) for n in range(1, rows + 1)),
        signatures=("",) * rows,
        signers=signers_of(kind, set()),
        written=(),
        source=f"空白表式：{kind.name}（编号字头 {kind.prefix}）。手工填写后请登记入系统，封存时给出编号。",
    )


def title_of(kind_name: str) -> str:
    """安全工作会议记录; a name that already says what paper it is stays."""
    return kind_name if kind_name.rstrip("）").endswith(WHOLE) else f"{kind_name}记录"


def signers_of(kind: EvidenceKind | None, present: Iterable[str]) -> tuple[str, ...]:
    """Who signs at the foot: those who answer for it, as the kind calls them."""
    roles = kind.roles if kind is not None else {}
    there = set(present)
    asked = [roles[role] for role in SIGNS if role in roles and (not there or role.value in there)]
    return tuple(asked[:3]) or ("经办人",)


def hours_in_words(hours: Decimal | None) -> str:
    return "" if hours is None else f"{hours.normalize():f} 小时"


def _cells(detail: RecordDetail) -> Iterator[tuple[Cell, bool]]:
    """Each with whether it may stand beside another."""
    yield from _when(detail)
    if detail.attests:
        yield Cell("声明的责任", _requirement(detail.attests)), False
    if detail.catches_up:
        yield Cell("补课", f"{detail.catches_up.title}（{detail.catches_up.number}）"), False
    if detail.about:
        yield Cell("所针对的事件", f"{detail.about.title}（{detail.about.number}）"), False
    for row in detail.fields:
        yield Cell(row.label, row.display), row.type not in LINES_TO_WRITE and len(row.display) <= SHORT
    if detail.valid_until:
        yield Cell("有效至", say_day(detail.valid_until - ONE_DAY)), True
    yield from _with(detail)


def _when(detail: RecordDetail) -> Iterator[tuple[Cell, bool]]:
    ended = f" 至 {say_moment(detail.ended_at)}" if detail.ended_at else ""
    yield Cell("标题", detail.title), False
    yield Cell("发生时间", say_moment(detail.happened_at) + ended), not ended
    if detail.hours is not None and not any(row.id == "hours" for row in detail.fields):
        yield Cell("时长", hours_in_words(detail.hours)), True
    if detail.makes_up:
        yield Cell("补做", f"自{say_day(detail.makes_up)}起的一期"), True


def _with(detail: RecordDetail) -> Iterator[tuple[Cell, bool]]:
    if detail.subjects:
        yield Cell("涉及对象", "、".join(subject.name for subject in detail.subjects)), False
    if detail.attachments:
        names = (f"{n}. {file.name}" for n, file in enumerate(detail.attachments, start=1))
        yield Cell("附件", "\n".join(names)), False


def _paired(cells: Iterable[tuple[Cell, bool]]) -> Iterator[Line]:
    """In printed order; a short one without a neighbour takes the whole row."""
    waiting: list[Cell] = []
    for cell, short in cells:
        if short and waiting:
            yield Line((waiting.pop(), cell))
        elif short:
            waiting.append(cell)
        else:
            yield from (Line((waiting.pop(),)) for _ in waiting[:1])
            yield Line((cell,))
    yield from (Line((cell,)) for cell in waiting)


def _blank_lines(kind: EvidenceKind) -> tuple[Line, ...]:
    head = [(Cell("标题", ""), False), (Cell("发生时间", MOMENT_BLANK), False)]
    if kind.attendance:
        head.append((Cell("结束时间", MOMENT_BLANK), False))
    body = [(Cell(label_of(spec), _blank(spec)), _fits(spec)) for spec in kind.fields]
    tail = [
        (Cell(f"涉及{SUBJECT_NAMES[subject]}", ""), False)
        for subject in kind.subjects
        if subject in SUBJECT_NAMES
    ]
    if kind.attachment_required:
        tail.append((Cell("附件", "扫描件或照片　　　　份"), False))
    room = {label_of(spec): LINES_TO_WRITE[spec.type] for spec in kind.fields if spec.type in LINES_TO_WRITE}
    return tuple(
        Line(line.cells, ("",) * room.get(line.cells[0].label, 1)) for line in _paired((*head, *body, *tail))
    )


def _fits(spec: FieldSpec) -> bool:
    return spec.type in SHORT_TYPES or (spec.type in ("choice", "choices") and len(_blank(spec)) <= SHORT)


def _blank(spec: FieldSpec) -> str:
    if spec.type in ("choice", "choices"):
        return "　".join(f"{label}{TICK}" for label in spec.choices.values())
    if spec.columns:
        return f"每行写：{'、'.join(spec.columns.values())}"
    return {"bool": f"是{TICK}　否{TICK}", "date": DAY_BLANK}.get(spec.type, "")


def _heads(attends: bool, timed: bool, scored: bool) -> tuple[str, ...]:
    return ("序号", "姓名", "身份", *["到场"][:attends], *["时长"][:timed], *["成绩"][:scored], "签字")


def _present(
    number: int, part: PartRow, detail: RecordDetail, shown: tuple[bool, bool, bool]
) -> tuple[str, ...]:
    """`shown`: whether there are columns for attendance, hours and results."""
    texts = (part.attendance_label, _hours_of(part, detail), part.result_label)
    wanted = (text for text, has in zip(texts, shown, strict=True) if has)
    return (str(number), part.person_name, part.role_label, *wanted, "")


def _signature(part: PartRow) -> str:
    """Small: a hundred of them stand on one page."""
    if not part.signature:
        return ""
    try:
        return b64encode(path_of(part.signature).read_bytes()).decode()
    except FileNotFoundError:  # lost from disk: the line is left to ink
        return ""


def _hours_of(part: PartRow, detail: RecordDetail) -> str:
    """Who has no hours of their own was there as long as it lasted."""
    there = part.attendance == "attended"
    return hours_in_words(part.hours if part.hours is not None else detail.hours if there else None)


def _mark_note(detail: RecordDetail) -> str:
    if detail.status == "void":
        return f"{say_moment(detail.voided_at)}作废，原因：{detail.void_reason}"
    if detail.status == "superseded":
        newer = next((row for row in detail.history if row.id == detail.revised_by), None)
        return f"由{newer.number}取代，以修订后的记录为准。" if newer else "由修订后的记录取代。"
    return "未封存，不作为履职凭证。" if detail.status == "draft" else ""


def _written(detail: RecordDetail) -> tuple[str, ...]:
    lines: Sequence[str] = (f"录入：{detail.author_name}，{say_moment(detail.captured_at)}",)
    if detail.received_at:
        lines = (*lines, f"封存：{detail.sealed_by_name}，{say_moment(detail.received_at)}")
    older = next((row for row in detail.history if row.id == detail.revises), None)
    return (*lines, f"修订自：{older.number}") if older else tuple(lines)


def _source(detail: RecordDetail) -> str:
    digest = f"内容摘要（SHA-256）{detail.digest} · " if detail.digest else ""
    return f"{digest}打印于{say_moment(current().at)}"


def _requirement(requirement_id: str) -> str:
    try:
        return demands.requirement(requirement_id).text
    except (KeyError, ValueError):
        return requirement_id
