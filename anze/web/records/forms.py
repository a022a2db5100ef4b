"""The entry form of a record, built from its kind, and the filter of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from anze.records.evidence.drafts import Draft
from anze.records.evidence.tables import canonical_settlements, unexplained
from anze.records.evidence.texts import WrongValue
from anze.rules.catalogue.model import FOLLOW_UP, EvidenceKind, FieldSpec
from anze.web.records.fields import DayInput, InstantField, RowsField, SeveralChosen, part_of, subject_of
from anze.web.records.kinds import grouped
from anze.web.ui.dates import require_period

STATUSES = {"draft": "草稿", "sealed": "已封存", "void": "已作废", "superseded": "已修订"}
UNITS = {"money": "（元）", "hours": "（小时）"}
UNPRINTABLE = {"null_characters_not_allowed": "含有无法保存的字符（多为粘贴所致），请删除后重新填写。"}
NUMBERS = frozenset({"number", "money", "hours"})


@dataclass(frozen=True, slots=True)
class MakingUp:
    """A missed period that a record may make up for: its first day and its name."""

    starts: date
    label: str


@dataclass(frozen=True, slots=True)
class Event:
    id: int
    label: str


def label_of(spec: FieldSpec) -> str:
    """With its unit, unless the printed name holds one."""
    return spec.name if "（" in spec.name else spec.name + UNITS.get(spec.type, "")


YES_NO = {"true": "是", "false": "否"}


class TypedField(forms.CharField):
    """Text in, text out: the action checks the type, so that one place knows it.

    `required` marks the label; a draft may still lack it, only sealing asks (`RecordForm.ask_for_the_rest`).
    """

    def __init__(self, spec: FieldSpec, widget: forms.Widget | None = None) -> None:
        super().__init__(
            label=label_of(spec),
            help_text=spec.hint,
            widget=widget or _widget(spec),
            required=spec.required,
            error_messages=UNPRINTABLE,
        )

    def validate(self, value: Any) -> None:
        """Nothing to refuse here."""


def _widget(spec: FieldSpec) -> forms.Widget:
    if spec.type == "longtext":
        return forms.Textarea(attrs={"rows": 4})
    if spec.type == "date":
        return DayInput()
    if spec.type in NUMBERS:
        return forms.TextInput(attrs={"inputmode": "decimal"})
    if spec.type == "choices":
        return SeveralChosen(choices=list(spec.choices.items()))
    if offered := YES_NO if spec.type == "bool" else spec.choices:
        return forms.Select(choices=[("", "请选择"), *offered.items()])
    return forms.TextInput(attrs={"maxlength": 200})


class RecordForm(forms.Form):
    """What a person types. `sealing`: ask also for everything that the kind requires before it is sealed."""

    use_required_attribute = False

    title = forms.CharField(
        label="标题",
        max_length=120,
        error_messages={"required": "请填写标题。", "max_length": "标题最多 120 字。"} | UNPRINTABLE,
    )
    happened_at = InstantField(label="发生时间", error_messages={"required": "请填写发生时间。"})
    ended_at = InstantField(label="结束时间", required=False)
    hours = forms.DecimalField(
        label="时长（小时）",
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "时长请填写数字，如 2 或 1.5。"},
    )
    parts = RowsField(part_of, label="参加人员")
    subjects = RowsField(subject_of, label="涉及对象")
    about = forms.ChoiceField(label="所针对的事件", required=False)
    attests = forms.ChoiceField(label="声明履行的责任（封存前必选）", required=False)
    made = forms.ChoiceField(
        label="补录还是补做",
        required=False,
        choices=[("then", "当期已经做了，现在补录"), ("now", "当期没有做，现在补做")],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        kind: EvidenceKind,
        *,
        events: Iterable[Event] = (),
        attestable: Mapping[str, str] | None = None,
        making_up: MakingUp | None = None,
        sealing: bool = False,
        files: int = 0,
        tables: Mapping[str, forms.Widget] | None = None,
        data: Mapping[str, Any] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data=data, initial=initial, label_suffix="")
        self.kind, self.making_up, self.sealing, self.files_kept = kind, making_up, sealing, files
        for spec in kind.fields:
            self.fields[f"v_{spec.id}"] = TypedField(spec, (tables or {}).get(spec.id))
        self.declares = bool(attestable)
        self._offer("about", [("", "不针对某一事件"), *((str(event.id), event.label) for event in events)])
        self._offer("attests", [("", "请选择"), *(attestable or {}).items()])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def timed(self) -> bool:
        """Whether it takes a while: then its end and everybody's hours are asked too."""
        return self.kind.attendance or not self.asks_hours

    @property
    def asks_hours(self) -> bool:
        """A kind with a printed field "hours" asks there."""
        return "v_hours" not in self.fields

    def typed(self) -> list[forms.BoundField]:
        return [self[f"v_{spec.id}"] for spec in self.kind.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        started, ended = cleaned.get("happened_at"), cleaned.get("ended_at")
        if started and ended and ended < started:
            self.add_error("ended_at", "结束时间早于开始时间。")
        if self.making_up and not cleaned.get("made"):
            self.add_error("made", "请说明是补录还是补做。")
        if self.sealing:
            self.ask_for_the_rest(cleaned)
        return cleaned

    def ask_for_the_rest(self, cleaned: Mapping[str, Any]) -> None:
        for spec in self.kind.fields:
            if spec.required and not str(cleaned.get(f"v_{spec.id}") or "").strip():
                self.add_error(f"v_{spec.id}", f"封存前请填写“{spec.name}”。")
        if self.declares and not cleaned.get("attests"):
            self.add_error("attests", "封存前请选择所声明的责任。")
        if self.kind.roles and not cleaned.get("parts") and "parts" not in self.errors:
            self.add_error("parts", "封存前请至少登记一名参加人员。")
        if self.kind.attachment_required and not self.files_kept:
            self.add_error(None, "这类记录须附扫描件或照片，封存前请上传。")
        self._ask_for_measures(cleaned)

    def _ask_for_measures(self, cleaned: Mapping[str, Any]) -> None:
        name = f"v_{FOLLOW_UP.id}"
        try:
            said = canonical_settlements(FOLLOW_UP, str(cleaned.get(name) or "[]"))
        except WrongValue:
            return  # the draft says what is wrong with it
        if unexplained(said):
            self.add_error(name, "未完成的请写明措施，取消的请写明原因。")

    def draft(self) -> Draft:
        """Of a valid form."""
        cleaned = self.cleaned_data
        values = {spec.id: str(cleaned[f"v_{spec.id}"]).strip() for spec in self.kind.fields}
        made_now = self.making_up is not None and cleaned["made"] == "now"
        return Draft(
            kind=self.kind.id,
            title=cleaned["title"],
            happened_at=cleaned["happened_at"],
            ended_at=cleaned["ended_at"],
            hours=cleaned["hours"],
            values={name: value for name, value in values.items() if value},
            parts=list(cleaned["parts"]),
            subjects=list(cleaned["subjects"]),
            about=int(cleaned["about"]) if cleaned["about"] else None,
            makes_up=self.making_up.starts if self.making_up and made_now else None,
            attests=cleaned["attests"] or None,
        )

    def take(self, errors: Mapping[str, str]) -> None:
        """Put an action's findings beside the fields they speak of."""
        for key, message in errors.items():
            name = key.removeprefix("values.")
            at = f"v_{name}" if f"v_{name}" in self.fields else name
            self.add_error(at if at in self.fields else None, message)


class LedgerFilter(forms.Form):
    """What the ledger shows. `kind` is a kind id or the label of a group."""

    q = forms.CharField(label="搜索", required=False, max_length=60)
    kind = forms.ChoiceField(label="种类", required=False)
    status = forms.ChoiceField(label="状态", required=False)
    since = forms.DateField(label="从", required=False, widget=DayInput())
    until = forms.DateField(label="至", required=False, widget=DayInput())

    def __init__(self, data: Mapping[str, Any], *, with_drafts: bool = True) -> None:
        super().__init__(data=data, label_suffix="")
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        shown = {word: label for word, label in STATUSES.items() if with_drafts or word != "draft"}
        status.choices = [("", "全部状态"), *shown.items()]
        choices: list[Any] = [("", "全部种类")]
        for group in grouped():
            members = [(kind.id, kind.name) for kind in group.kinds]
            choices.append((group.id, [(f"group:{group.id}", f"{group.id}（全部）"), *members]))
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = choices
        self.fields["since"].error_messages["invalid"] = "开始日期看不懂，请写成 2026-05-08。"
        self.fields["until"].error_messages["invalid"] = "结束日期看不懂，请写成 2026-05-08。"
        for field in self.fields.values():
            chosen = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"
        self.fields["q"].widget.attrs["placeholder"] = "标题或编号"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        require_period(cleaned)
        return cleaned

    def kinds(self) -> tuple[str, ...] | None:
        chosen = self.cleaned_data.get("kind") or ""
        if chosen.startswith("group:"):
            label = chosen.removeprefix("group:")
            return tuple(kind.id for group in grouped() if group.id == label for kind in group.kinds)
        return (chosen,) if chosen else None
