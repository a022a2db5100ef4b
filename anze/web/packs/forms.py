"""Which period, posts and kinds of record a pack holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from anze.records.packs.choice import Choice
from anze.rules.catalogue.model import Position
from anze.rules.periods import ONE_DAY
from anze.web.records.fields import DayInput
from anze.web.records.kinds import grouped
from anze.web.ui.dates import require_period


def wrong(which: str) -> dict[str, str]:
    return {"required": f"请填写{which}日期。", "invalid": f"{which}日期看不懂，请写成 2026-05-08。"}


class PackForm(forms.Form):
    """`until` is the last day."""

    since = forms.DateField(
        label="从",
        widget=DayInput(),
        error_messages=wrong("开始"),
    )
    until = forms.DateField(
        label="至",
        widget=DayInput(),
        error_messages=wrong("结束"),
    )
    post = forms.MultipleChoiceField(label="岗位", required=False, widget=forms.CheckboxSelectMultiple)
    kind = forms.MultipleChoiceField(label="记录种类", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, posts: tuple[Position, ...], *, data: Mapping[str, Any] | None, today: date) -> None:
        first = {"since": date(today.year, 1, 1), "until": today}
        super().__init__(data=data, initial=first, label_suffix="")
        self.groups = grouped()
        choices = {
            "post": [(post.id, post.name) for post in posts],
            "kind": [(kind.id, kind.name) for group in self.groups for kind in group.kinds],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = offered
            field.error_messages["invalid_choice"] = "所选的岗位或记录种类不存在，请重新选择。"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        require_period(cleaned)
        return cleaned

    def choice(self) -> Choice:
        """Of a valid form."""
        chosen = self.cleaned_data
        until = chosen["until"] + ONE_DAY
        return Choice(chosen["since"], until, tuple(chosen["post"]), tuple(chosen["kind"]))
