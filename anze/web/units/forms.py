"""Opening a unit, and putting a leader in charge of it."""

from __future__ import annotations

from typing import Any

from django import forms

from anze.records.acting.context import current
from anze.records.people import queries as people
from anze.records.tenants.actions import UNIT_KINDS
from anze.records.tenants.queries import CompanyRow
from anze.web.people.forms import CHOSEN, units_of
from anze.web.ui.dates import DayField


class UnitForm(forms.Form):
    kind = forms.ChoiceField(label="类型", choices=list(UNIT_KINDS.items()), error_messages=CHOSEN)
    name = forms.CharField(
        label="名称",
        max_length=60,
        error_messages={"required": "请填写名称。", "max_length": "名称不超过 60 字。"},
    )
    parent = forms.TypedChoiceField(
        label="上级机构", coerce=int, empty_value=None, required=False, error_messages=CHOSEN
    )
    since = DayField(label="设立日期")

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        parent.choices = units_of(company, none="直属企业")


class LeaderForm(forms.Form):
    """Whoever holds a post can be in charge. `relieve`: the leader until now ends on that day."""

    holding = forms.TypedChoiceField(label="分管领导", coerce=int, error_messages=CHOSEN)
    since = DayField(label="开始日期")
    relieve = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, company: CompanyRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = people.holdings(current().today, company_id=company.id)
        holding = self.fields["holding"]
        assert isinstance(holding, forms.ChoiceField)
        holding.choices = [
            ("", "请选择"),
            *((str(row.id), f"{row.person_name}（{row.position_name}）") for row in rows),
        ]
