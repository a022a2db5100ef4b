"""The form that waives a requirement."""

from __future__ import annotations

from typing import Any

from django import forms

from anze.web.ui.dates import DayField


class WaiveForm(forms.Form):
    since = DayField(label="自哪天起不作要求")
    until = DayField(
        label="恢复要求的日期", required=False, help_text="从这一天起重新要求；不填表示长期豁免。"
    )
    whole_post = forms.ChoiceField(label="适用于", choices=(), widget=forms.Select)
    reason = forms.CharField(
        label="理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据和批准情况，监管部门可以看到。最多200字。",
        error_messages={"required": "请写明豁免理由。", "max_length": "理由最多200字。"},
    )

    def __init__(self, *args: Any, person_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("post", "担任此岗位的所有人")]
        if person_name:
            choices.insert(0, ("person", f"仅{person_name}"))
        field = self.fields["whole_post"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until <= since:
            self.add_error("until", "恢复要求的日期应晚于开始日期。")
        return given
