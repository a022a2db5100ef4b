"""A company asks more of itself than law and place do, or goes back to their number."""

from __future__ import annotations

from datetime import date

from anze.records.acting.errors import NotFound, Refused
from anze.records.acting.permissions import require
from anze.records.duties import cases, numbers, verdicts
from anze.records.duties.choosing import NotForCompany, WeakerThanLaw, known_requirement
from anze.records.duties.deciding import own_company, redecide
from anze.records.duties.footing import book_on_hand
from anze.records.duties.models import Commitment
from anze.records.duties.words import LAYER_SPEAKS, asked_in_words
from anze.records.journal.actions import append
from anze.rules.catalogue.model import Every, Limit, Requirement, Term
from anze.rules.duties import Rulebook
from anze.rules.duties.tailoring import forbidden, stricter, tailorable


class NotStricter(Refused):
    """The number asks no more than law and place already do."""


def tailor(
    *,
    requirement: str,
    since: date,
    reason: str,
    every: Every | None = None,
    times: int = 1,
    within: Limit | None = None,
    before: Limit | None = None,
) -> int:
    """From a day on the company asks more often, sooner or more of itself. Raises WeakerThanLaw."""
    require("commit")
    company_id, asked = own_company(), known_requirement(requirement)
    if not reason.strip():
        raise Refused("请写明理由。")
    term = cases.committed_term(since=since, every=every, times=times, within=within, before=before)
    _check(company_id, asked, term)
    return _store(company_id, requirement, term, since, reason, "duty.tailor")


def restore(*, requirement: str, since: date, reason: str) -> int:
    """From a day on law and place speak again."""
    require("commit")
    company_id = own_company()
    known_requirement(requirement)
    if not reason.strip():
        raise Refused("请写明理由。")
    before = Commitment.objects.filter(company_id=company_id, requirement=requirement, since__lt=since)
    last = before.order_by("-since").first()
    if last is None or last.ended or not lawful(company_id, requirement, since):
        raise NotFound("这一天没有可以恢复的企业规定。")
    return _store(company_id, requirement, None, since, reason, "duty.restore")


def lawful(company_id: int, requirement: str, day: date) -> Term | None:
    """What law and place ask of the company on a day, when it is a number."""
    book = _book(company_id)
    asked = book.requirements.get(known_requirement(requirement).id)
    return tailorable(book, asked, day) if asked is not None else None


def _store(company_id: int, requirement: str, term: Term | None, since: date, reason: str, act: str) -> int:
    verdicts.lock([company_id])
    row = numbers.store(company_id, requirement, term, since=since, reason=reason)
    redecide(company_id=company_id, requirements=frozenset({requirement}))
    append(action=act, rows=[row], reason=reason, company_id=company_id)
    return row[1]


def _check(company_id: int, asked: Requirement, term: Term) -> None:
    if term.since < cases.judged_from(company_id):
        raise Refused("生效日期不能早于企业开始建档的日期。")
    book = _book(company_id)
    lawful_term = lawful(company_id, asked.id, term.since)
    if lawful_term is None:
        raise NotForCompany("该项要求没有可以由企业加严的频次或时限。")
    if not 1 <= term.times <= 366 or (term.within is not None and term.within.amount < 1):
        raise Refused("次数和时限至少为1。")
    later = Commitment.objects.filter(company_id=company_id, requirement=asked.id, since__gt=term.since)
    until = later.order_by("since").values_list("since", flat=True).first()
    asked = book.requirements[asked.id]  # as applied
    against = forbidden(book, asked, term, until)
    if against is not None:
        who = LAYER_SPEAKS[against.by.layer]
        day = f"{against.day.year}年{against.day.month}月{against.day.day}日"
        raise WeakerThanLaw(f"{day}起{who}{asked_in_words(asked, against.by)}，企业规定不能低于它。")
    if not stricter(term, lawful_term):
        raise NotStricter(f"现行要求已是{asked_in_words(asked, lawful_term)}，不必另作规定。")


def _book(company_id: int) -> Rulebook:
    return book_on_hand(company_id)
