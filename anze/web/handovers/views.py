"""Drawing up a sheet, reading, signing and printing it, and the list of what has not been handed over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from anze.records.acting.context import current
from anze.records.acting.permissions import may
from anze.records.handovers import actions, queries
from anze.records.people import directory
from anze.records.signatures import queries as signatures
from anze.rules.handovers import SheetPart
from anze.web.handovers.forms import DrawUpForm, SignForm
from anze.web.obligations.filters import page_number
from anze.web.people.acts import posted
from anze.web.ui.attempt import attempted
from anze.web.ui.company import company_at_hand, of_company

PARTS = {SheetPart.LEAVER: "移交人", SheetPart.RECEIVER: "接收人", SheetPart.CONFIRMER: "监交人"}


@of_company("see_company")
def index(request: HttpRequest) -> HttpResponse:
    company = company_at_hand(request)
    words = {
        "company": company,
        "pending": queries.pending(company.id),
        "waiting": queries.waiting_for_me(),
        "vacant": signatures.coverage(company.id).vacant,
        "page": queries.handovers(page_number(request.GET)),
        "list_id": "list",
        "may_manage": may(current().actor, "manage_people"),
    }
    return render(request, "handovers/index.html", words)


@of_company("manage_people")
def draw_up(request: HttpRequest, holding_id: int) -> HttpResponseBase:
    held = directory.holding(holding_id)
    form = DrawUpForm(
        posted(request),
        company=company_at_hand(request),
        leaver=held.person_id,
        entries=queries.entries(holding_id),
        initial={"receiver": request.GET.get("receiver", ""), "until": held.until},
    )
    drawn: list[int] = []

    def act() -> None:
        given = form.cleaned_data
        drawn.append(
            actions.draw_up(
                holding_id=holding_id,
                receiver_id=given["receiver"],
                until=given["until"],
                receivers=form.receivers,
                remarks=given["remarks"],
            )
        )

    if form.is_valid() and attempted(form, act):
        messages.success(request, "交接单已编制，请移交人和接收人登录签署，最后由监交人确认。")
        return redirect("own:handover", handover_id=drawn[0])
    words = {"form": form, "held": held, "back": reverse("people:person", args=[held.person_id])}
    return render(request, "handovers/draw_up.html", words, status=422 if form.errors else 200)


@of_company("see_own")
def sheet(request: HttpRequest, handover_id: int) -> HttpResponseBase:
    detail = queries.handover(handover_id)
    form = SignForm(posted(request))

    def act() -> None:
        actions.sign_sheet(handover_id=handover_id, digest=form.cleaned_data["digest"])

    if form.is_valid() and attempted(form, act):
        messages.success(request, "已签署。")
        return redirect("own:handover", handover_id=handover_id)
    words = {
        "detail": detail,
        "sheet": detail.row.sheet,
        "company": company_at_hand(request),
        "signed": [(PARTS[row.part], row) for row in detail.signed],
        "waiting": [(PARTS[part], name) for part, name in detail.waiting],
        "part": PARTS[detail.mine] if detail.mine else "",
        "name": current().actor.name,
        "form": form,
        "problems": [problem for problems in form.errors.values() for problem in problems],
        "sees_all": may(current().actor, "see_company"),
        "superseded": detail.newest_id != detail.row.id,
        "may_manage": may(current().actor, "manage_people"),
    }
    return render(request, "handovers/sheet.html", words, status=422 if form.errors else 200)
