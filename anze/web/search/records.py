"""All records of one company that say something: by kind and period, page after page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anze.records.evidence import searching
from anze.records.evidence.queries import RecordRow
from anze.rules.periods import ONE_DAY
from anze.web.records.forms import LedgerFilter
from anze.web.ui.company import company_at_hand, company_url, of_company

LONGEST = 40
AROUND, LONGEST_HEAD = 18, 60
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


class RecordFilter(LedgerFilter):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.GET, with_drafts=False)
        del self.fields["status"]
        text = self.fields["q"]
        assert isinstance(text, forms.CharField)
        text.widget.attrs |= {"placeholder": "内容、标题、编号、姓名、车牌", "maxlength": str(LONGEST)}


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and where it says what was looked for: `before`, `hit`, `behind`."""

    record: RecordRow
    where: str
    before: str
    hit: str
    behind: str


@require_safe
@of_company("see_own")
def record_search(request: HttpRequest) -> HttpResponse:
    form = RecordFilter(request)
    valid = form.is_valid()
    chosen = form.cleaned_data
    matches = searching.Matches("", (), None)
    if valid:
        matches = searching.search(
            chosen["q"][:LONGEST],
            kinds=form.kinds(),
            since=chosen["since"],
            until=chosen["until"] + ONE_DAY if chosen["until"] else None,
            after=place_in(request.GET.get("after", "")),
        )
    asked = {name: value for name, value in request.GET.items() if name != "after" and value}
    first = f"{company_url(request, 'record_search')}?{urlencode(asked)}"
    words = {
        "form": form,
        "company": company_at_hand(request),
        "text": matches.wanted,
        "found": [found_in(match, matches.wanted) for match in matches.rows],
        "first": first if "after" in request.GET else "",
        "next": f"{first}&after={written(matches.after)}" if matches.after else "",
        "narrowed": any(name != "q" for name in asked),
    }
    return render(request, "search/records.html", words, status=200 if valid else 400)


def place_in(text: str) -> searching.Place | None:
    """A place that was tampered with begins at the first page."""
    ticks, _, pk = text.partition("-")
    if not (ticks.isdecimal() and pk.isdecimal() and len(ticks) < 17 and len(pk) < 19):
        return None
    return FIRST + int(ticks) * TICK, int(pk)


def written(place: searching.Place) -> str:
    at, pk = place
    return f"{(at - FIRST) // TICK}-{pk}"


def found_in(match: searching.Match, wanted: str) -> Found:
    """Where it stands first: in the title or number, in a field, among people or subjects."""
    record = match.record
    for name, text in (("编号", record.number or ""), ("", record.title)):
        if wanted.lower() in text.lower():
            return _cut(record, name, text, wanted)
    for row in match.fields:
        if wanted in row.display:
            return _cut(record, row.label, row.display, wanted)
    for name, texts in (("人员", match.people), ("涉及", match.subjects)):
        if texts:
            return _cut(record, name, "、".join(texts), wanted)
    return Found(record, "", "", "", "")


def _cut(record: RecordRow, where: str, text: str, wanted: str) -> Found:
    """The words around the first place; all of a short text."""
    line = " ".join(text.split())
    start = line.lower().find(" ".join(wanted.split()).lower())
    if start < 0:
        return Found(record, where, line[:LONGEST_HEAD], "", "")
    end = start + len(wanted)
    before, behind = line[:start], line[end:]
    head = f"…{before[-AROUND:]}" if len(before) > AROUND else before
    tail = f"{behind[: 2 * AROUND]}…" if len(behind) > 2 * AROUND else behind
    return Found(record, where, head, line[start:end], tail)
