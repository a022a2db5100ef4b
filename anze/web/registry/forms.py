"""What the administrator fills in: a company with its principal, or an authority with its officer."""

from __future__ import annotations

from typing import Any

from django import forms

from anze.records.lawbook import lawbook
from anze.records.tenants import queries as tenants
from anze.web.people.forms import CHOSEN
from anze.web.ui.dates import DayField
from anze.web.ui.words import TRADES

WHOLE = {"required": "请填写数字。", "invalid": "请填写整数。", "min_value": "不能为负数。"}


def _text(label: str, longest: int, hint: str = "") -> forms.CharField:
    messages = {"required": f"请填写{label}。", "max_length": f"{label}不超过 {longest} 字。"}
    return forms.CharField(label=label, max_length=longest, help_text=hint, error_messages=messages)


class CompanyForm(forms.Form):
    name = _text("企业名称", 100)
    short_name = _text("简称", 30)
    trade = forms.ChoiceField(label="行业", error_messages=CHOSEN)
    area = _text("行政区划代码", 6, "6 位数字，例如 330206。")
    employees = forms.IntegerField(label="从业人员数", min_value=0, max_value=1_000_000, error_messages=WHOLE)
    vehicles = forms.IntegerField(label="车辆数", min_value=0, max_value=1_000_000, error_messages=WHOLE)
    started_on = DayField(label="成立日期")
    judged_from = DayField(label="开始判定履职的日期", help_text="这一天之前的履职不作判定。")
    authority_id = forms.TypedChoiceField(
        label="监管部门", coerce=int, empty_value=None, required=False, error_messages=CHOSEN
    )
    principal = _text("主要负责人姓名", 40)
    since = DayField(label="主要负责人任职日期")
    username = _text("主要负责人登录名", 60, "密码由系统生成，只显示一次。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        encoded = {position.trade for position in lawbook().positions.values()}
        trade, authority = self.fields["trade"], self.fields["authority_id"]
        assert isinstance(trade, forms.ChoiceField)
        assert isinstance(authority, forms.ChoiceField)
        trade.choices = [(key, label) for key, label in TRADES.items() if key in encoded]
        known = [tenants.authority(key) for key in tenants.authority_ids()]
        authority.choices = [("", "暂不指定"), *((str(row.id), row.name) for row in known)]


class AuthorityForm(forms.Form):
    name = _text("管理部门名称", 100)
    area = _text("行政区划代码", 6, "6 位数字，例如 330200。")
    officer_name = _text("监管人员姓名", 40)
    username = _text("监管人员登录名", 60, "密码由系统生成，只显示一次。")
