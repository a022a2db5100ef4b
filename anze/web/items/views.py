"""The company's list of items, or one's own: filtered, paged, and exported exactly as shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.acting.context import current
from anze.records.acting.paging import LARGEST_PAGE, PAGE_SIZE, Page
from anze.records.acting.permissions import may
from anze.records.evidence import item_queries as items
from anze.records.evidence.item_queries import FILTERS, ItemRow
from anze.web.items.settling import forms_for
from anze.web.ui.company import company_at_hand, of_company
from anze.web.ui.export import csv_response

COLUMNS = (
    "事项",
    "责任人",
    "期限",
    "原定期限",
    "落实",
    "未完成次数",
    "措施、原因或说明",
    "出自",
    "记录编号",
    "了结记录",
)


class ItemFilter(forms.Form):
    standing = forms.ChoiceField(label="落实", required=False, choices=list(FILTERS.items()))
    who = forms.TypedChoiceField(label="责任人", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="出自", required=False)
    q = forms.CharField(label="搜索", required=False, max_length=60)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data=data, label_suffix="")
        self._offer("who", "全部责任人", {str(key): name for key, name in items.owners().items()})
        self._offer("kind", "全部种类", items.kinds_in_use())
        for field in self.fields.values():
            chosen = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"
        self.fields["q"].widget.attrs["placeholder"] = "事项、姓名或记录编号"

    def _offer(self, name: str, everything: str, choices: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices.items()]

    def page(self, page: int, page_size: int = PAGE_SIZE) -> Page[ItemRow]:
        """A filter that cannot be read shows no rows rather than the wrong ones."""
        if not self.is_valid():
            return Page((), 1, 1, 0)
        chosen = self.cleaned_data
        return items.items(
            standing=chosen["standing"] or "unsettled",
            who=chosen["who"],
            kind=chosen["kind"] or None,
            search=chosen["q"],
            page=page,
            page_size=page_size,
        )


@require_safe
@of_company("see_own")
def index(request: HttpRequest) -> HttpResponse:
    form = ItemFilter(request.GET)
    page = form.page(_number(request.GET.get("page")))
    actor = current().actor
    words = {
        "company": company_at_hand(request),
        "form": form,
        "page": page,
        "rows": [(row, forms_for(row)) for row in page.rows],
        "counts": items.counts(),
        "filtered": any(value for name, value in request.GET.items() if name not in ("page", "standing")),
        "standing": request.GET.get("standing") or "unsettled",
        "query": request.GET.urlencode(),
        "whole_company": may(actor, "see_company"),
        "may_record": may(actor, "draft_record"),
        "list_id": "items",
    }
    return render(request, "items/index.html", words, status=200 if form.is_valid() else 400)


@require_safe
@of_company("see_own")
def export(request: HttpRequest) -> HttpResponseBase:
    form = ItemFilter(request.GET)
    if not form.is_valid():
        return index(request)
    return csv_response("待落实事项", COLUMNS, _lines(form))


def _lines(form: ItemFilter) -> Iterator[tuple[object, ...]]:
    page = pages = 1
    while page <= pages:
        found = form.page(page, LARGEST_PAGE)
        pages, page = found.pages, page + 1
        for row in found.rows:
            yield (
                row.what,
                row.who_name,
                row.due or "",
                row.first_due or "",
                row.label,
                row.postponed or "",
                row.remark,
                row.kind_name,
                row.record_number,
                row.settled_number,
            )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 and int(text) else 1
