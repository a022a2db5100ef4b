"""What an officer fills in: a key period, and the reason for taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from anze.records.key_periods.actions import NewPeriod
from anze.records.lawbook import lawbook
from anze.rules.key_periods import LEVELS, TYPES
from anze.web.ui.dates import DayField

OFFERED = ("activity", "weather", "other", "flood", "golden_week", "spring_festival")
REASON = {"required": "请写明依据。", "max_length": "最多200字。"}


class DeclareForm(forms.Form):
    """A weather warning also needs its kind and level. No company chosen: all of them."""

    type = forms.ChoiceField(label="类别", choices=[(key, TYPES[key]) for key in OFFERED])
    name = forms.CharField(
        label="名称",
        max_length=60,
        help_text="企业看到的名称，如“第十届全市博览会交通保障”。",
        error_messages={"required": "请填写名称。", "max_length": "名称最多60字。"},
    )
    warning = forms.ChoiceField(label="预警种类", required=False)
    level = forms.ChoiceField(
        label="预警等级", required=False, choices=[("", "不是天气预警"), *LEVELS.items()]
    )
    begins = DayField(label="开始日期")
    last = DayField(label="结束日期", help_text="含当日。")
    reason = forms.CharField(
        label="依据",
        max_length=200,
        help_text="通知的文号，或预警的发布单位和时间。最多200字。",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=REASON,
    )
    companies = forms.TypedMultipleChoiceField(
        label="适用企业",
        required=False,
        coerce=int,
        help_text="不选表示辖内全部企业，包括时段内新纳入监管的企业。按住 Ctrl 可多选。",
        widget=forms.SelectMultiple(attrs={"size": 8}),
        error_messages={"invalid_choice": "所选企业不在监管范围内。"},
    )

    def __init__(self, *args: Any, companies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("companies", companies),
            ("warning", [("", "不是天气预警"), *lawbook().weather.warnings.items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begins, last = given.get("begins"), given.get("last")
        if begins and last and last < begins:
            self.add_error("last", "结束日期应不早于开始日期。")
        if given.get("type") == "weather":
            for name, text in (("warning", "请选择预警种类。"), ("level", "请选择预警等级。")):
                if not given.get(name):
                    self.add_error(name, text)
        return given

    @property
    def period(self) -> NewPeriod:
        return NewPeriod(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="企业可以看到。最多200字。",
        error_messages={"required": "请写明理由。", "max_length": "最多200字。"},
    )
