"""What a person types when planning, sharing out and declaring ledgers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from anze.records.assessments.planning import Plan
from anze.records.assessments.words import GRADES, KINDS
from anze.records.people.queries import PersonRow
from anze.rules.catalogue.schemes import Scheme
from anze.web.ui.dates import DayField

CHOOSE = {"required": "请选择。", "invalid_choice": "请从列表中选择。"}


class PlanForm(forms.Form):
    title = forms.CharField(
        label="考评名称",
        max_length=60,
        error_messages={"required": "请填写考评名称。", "max_length": "最多60字。"},
    )
    scheme = forms.ChoiceField(label="考评标准", error_messages=CHOOSE)
    kind = forms.ChoiceField(label="考评类别", choices=list(KINDS.items()), error_messages=CHOOSE)
    body = forms.CharField(
        label="考评机构", max_length=60, required=False, help_text="机构考评时填写机构名称。"
    )
    target = forms.ChoiceField(
        label="目标等级",
        choices=[(grade.value, name) for grade, name in GRADES.items()],
        error_messages=CHOOSE,
    )
    since = DayField(label="考评期开始")
    last = DayField(label="考评期结束", help_text="含这一天。没有到的日子，按开始考评当天的记录判定。")
    lead = forms.ChoiceField(label="考评组长", error_messages=CHOOSE)
    members = forms.MultipleChoiceField(
        label="考评组成员",
        required=False,
        help_text="按住 Ctrl 可多选；组长自动在内。分工在下一步。",
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages=CHOOSE,
    )
    reviewer = forms.ChoiceField(
        label="复核人", help_text="不能是考评组成员：自己判定的不能自己复核。", error_messages=CHOOSE
    )

    def __init__(
        self, *args: Any, schemes: Sequence[Scheme], people: Sequence[PersonRow], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(person.id), person.name) for person in people]
        for name in ("lead", "reviewer"):
            self._choices(name, [("", "请选择"), *named])
        self._choices("members", named)
        self._choices("scheme", [(scheme.id, scheme.name) for scheme in schemes])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "other" and not cleaned.get("body", "").strip():
            self.add_error("body", "请填写考评机构名称。")
        since, last = cleaned.get("since"), cleaned.get("last")
        if since and last and last < since:
            raise ValidationError("结束日期早于开始日期。")
        return cleaned

    @property
    def plan(self) -> Plan:
        given = self.cleaned_data
        return Plan(
            title=given["title"],
            scheme=given["scheme"],
            target=given["target"],
            since=given["since"],
            last=given["last"],
            lead=int(given["lead"]),
            reviewer=int(given["reviewer"]),
            members=[int(person) for person in given["members"]],
            kind=given["kind"],
            body=given["body"],
        )


class ShareForm(forms.Form):
    """A choice for every category; an item's own choice is its name in the form."""

    def __init__(self, *args: Any, items: Sequence[str], team: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "未分工"), *((str(person), name) for person, name in team.items())]
        for item in items:
            self.fields[item] = forms.ChoiceField(
                label=item, required=False, choices=choices, error_messages=CHOOSE
            )

    @property
    def shares(self) -> dict[str, int]:
        return {item: int(person) for item, person in self.cleaned_data.items() if person}


class KeptForm(forms.Form):
    """A day for every kind of record; empty: not said."""

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, name in kinds.items():
            self.fields[kind] = DayField(label=name, required=False)

    @property
    def days(self) -> dict[str, date | None]:
        return dict(self.cleaned_data)
