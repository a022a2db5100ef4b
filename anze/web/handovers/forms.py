"""Who receives what: one receiver for all, and another one where it differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms

from anze.records.handovers.content import Entry
from anze.records.tenants.queries import CompanyRow
from anze.web.people.forms import CHOSEN, people_of
from anze.web.ui.dates import DayField

PREFIX = "for_"


class Line(NamedTuple):
    """An entry with its field.

    `choices`: those that the page states; the script takes the others from the first field, so that a page of
    many entries in a company of many people does not name everybody on each line.
    """

    entry: Entry
    bound: forms.BoundField
    choices: list[tuple[str, str]]


class DrawUpForm(forms.Form):
    receiver = forms.TypedChoiceField(label="接收人", coerce=int, error_messages=CHOSEN)
    until = DayField(label="离任日期", required=False, help_text="这一天起不再任职。")
    remarks = forms.CharField(
        label="交接说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如印章、钥匙、账号和尚在办理的事情。",
        error_messages={"max_length": "最多 1000 字。"},
    )

    def __init__(
        self, *args: Any, company: CompanyRow, leaver: int, entries: Sequence[Entry], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = people_of(company, but=[leaver])
        receiver = self.fields["receiver"]
        assert isinstance(receiver, forms.ChoiceField)
        receiver.choices = people
        self.entries = entries
        for entry in entries:
            self.fields[PREFIX + entry.key] = forms.TypedChoiceField(
                label=f"接收人：{entry.title}",
                choices=[("", "同上"), *people[1:]],
                coerce=int,
                empty_value=None,
                required=False,
                error_messages=CHOSEN,
            )

    def lines(self) -> list[Line]:
        return [self._line(entry) for entry in self.entries]

    def _line(self, entry: Entry) -> Line:
        bound = self[PREFIX + entry.key]
        field = bound.field
        assert isinstance(field, forms.ChoiceField)
        value = str(bound.value() or "")
        offered: list[tuple[str, str]] = list(field.choices)  # type: ignore[arg-type]  # pairs, as given above
        return Line(entry, bound, [(key, label) for key, label in offered if key in ("", value)])

    @property
    def receivers(self) -> dict[str, int]:
        given = {entry.key: self.cleaned_data[PREFIX + entry.key] for entry in self.entries}
        return {key: person for key, person in given.items() if person is not None}


class SignForm(forms.Form):
    digest = forms.CharField(
        max_length=64,
        error_messages=dict.fromkeys(("required", "max_length"), "页面内容不完整，请重新阅读后签署。"),
    )
    read = forms.BooleanField(error_messages={"required": "请先勾选“本人已逐项核对，内容属实”。"})
