"""One-use links (一次性链接): one obligation's page, or that of a record to be confirmed, without a password.

Rule 1: the secret holds 256 random bits; only its digest is kept. The device that opens the link is given a
key of its own, of which only the digest is kept too.
Rule 2: a link gives what its account may do at that moment, less than that: reading, and drafting the
obligation's record, or confirming the record.
It never stands in for a second factor: an account that has one gets no links.
Rule 3: nothing is marked when a link loses its worth; whether it still has any is looked up at each use. The
duty done, the person gone, the account closed or the time over end it at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from anze.records.acting.context import SHANGHAI, Actor, acting, current
from anze.records.acting.errors import NotFound, Refused
from anze.records.confirmations import queries as confirmations
from anze.records.duties import queries as duties
from anze.records.duties.rows import ObligationRow
from anze.records.journal.actions import append, digest_of, instant
from anze.records.people.factors import has_second_factor
from anze.records.people.models import Account
from anze.records.people.queries import actor_for, scope_of
from anze.records.reminders.models import Link
from anze.rules.duties import State

LIVES = timedelta(hours=72)
STAYS = timedelta(hours=2)  # after it was opened
KEPT = timedelta(days=400)
VERBS = frozenset({"see_own", "see_company", "draft_record"})
TO_CONFIRM = frozenset({"see_own"})
OWING = frozenset({State.OPEN, State.MISSED, State.UPCOMING, State.UNSET})
BY_LINK = "通过一次性链接"
LONGEST_SECRET = 100


class LinkRefused(Refused):
    """The text says why, without telling a stranger whom the link was for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`key`: for the device's cookie, known now and never again."""

    link_id: int
    key: str
    obligation_id: int | None
    confirms: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a device that opened a link may still do. `record_id`: the draft begun through it."""

    link_id: int
    actor: Actor
    company_id: int
    obligation_id: int | None
    kinds: tuple[str, ...]  # of records that prove the obligation
    record_id: int | None
    until: datetime
    confirms: int | None = None  # the record to be confirmed, instead of an obligation


def accounts_of(person_ids: Iterable[int]) -> dict[int, Account]:
    """Person -> the account that a link would act as. Who has none, or a second factor, gets no link."""
    rows = Account.objects.filter(person__in=set(person_ids), is_active=True)
    return {row.person_id: row for row in rows if row.person_id is not None and not has_second_factor(row)}


def issue(*, account: Account, obligation_id: int) -> str:
    """The address of a new link; empty where this person may not see the page."""
    at = current().at
    actor = actor_for(account, at)
    try:
        with acting(actor, reads=current().reads, writes=(), at=at):
            duties.obligation(obligation_id)
    except Refused:
        return ""
    return _issued(account, at, obligation=obligation_id)


def issue_to_confirm(*, account: Account, record_id: int) -> str:
    """The address of a new link, for somebody who is asked to confirm the record."""
    return _issued(account, current().at, confirms=record_id)


def _issued(account: Account, at: datetime, **page: int) -> str:
    secret = secrets.token_urlsafe(32)
    Link.objects.create(account=account, digest=_digest(secret), issued_at=at, expires_at=at + LIVES, **page)
    return f"{settings.SITE}/go/{secret}/"


def check(secret: str, at: datetime) -> Entry:
    """What opening would give; needs no scope. Raises LinkRefused when it would be refused."""
    return _usable(_found(secret), at)


def open_link(*, secret: str, at: datetime) -> Opened:
    """The first device to ask gets in; journalled. Raises LinkRefused. Inside one transaction."""
    link = _found(secret, lock=True)
    entry = _usable(link, at)
    key = secrets.token_urlsafe(32)
    link.opened_at, link.device = at, _digest(key)
    link.save(update_fields=["opened_at", "device"])
    with acting(entry.actor, reads=(entry.company_id,), at=at, reason=BY_LINK):
        content = [link.pk, link.obligation or link.confirms, instant(at)]
        noted = ("reminders.link", link.pk, digest_of(content))
        append(action="reminders.open_link", rows=[noted], company_id=entry.company_id)
    return Opened(link.pk, key, link.obligation, link.confirms)


def entry(*, link_id: int, key: str, at: datetime) -> Entry | None:
    """For a device that shows its key; None when the link gives nothing any more."""
    link = Link.objects.filter(pk=link_id).select_related("account").first()
    if link is None or not link.device or not secrets.compare_digest(link.device, _digest(key)):
        return None
    if link.opened_at is None or not link.opened_at <= at < link.opened_at + STAYS:
        return None
    try:
        return _entry(link, at)
    except LinkRefused:
        return None


def opened_by(*, secret: str, key: str) -> bool:
    """Whether this device opened this link."""
    link = Link.objects.filter(digest=_digest(secret)).first()
    return link is not None and bool(link.device) and secrets.compare_digest(link.device, _digest(key))


def aim_of(secret: str) -> tuple[int | None, int | None]:
    """Obligation and record to be confirmed, whatever the link still gives: for whoever signs in instead."""
    row = Link.objects.filter(digest=_digest(secret)).values_list("obligation", "confirms").first()
    return row or (None, None)


def note_record(*, link_id: int, record_id: int) -> None:
    """The one draft that the link's device may go on with."""
    Link.objects.filter(pk=link_id, record=None).update(record=record_id)


def forget_old(*, at: datetime) -> int:
    return Link.objects.filter(issued_at__lt=at - KEPT).delete()[0]


def _found(secret: str, *, lock: bool = False) -> Link:
    rows = Link.objects.select_related("account")
    if lock:
        rows = rows.select_for_update(of=("self",))
    link = rows.filter(digest=_digest(secret)).first() if len(secret) <= LONGEST_SECRET else None
    if link is None:
        raise LinkRefused("这个链接不存在，可能没有复制完整。")
    return link


def _usable(link: Link, at: datetime) -> Entry:
    if link.opened_at is not None:
        raise LinkRefused("这个链接已经打开过。每个链接只能打开一次，之后 2 小时内只在打开它的设备上有效。")
    if not link.issued_at <= at < link.expires_at:
        raise LinkRefused("这个链接已过期。链接自发出起 72 小时内有效。")
    return _entry(link, at)


def _entry(link: Link, at: datetime) -> Entry:
    """Raises LinkRefused when the person has left or the duty is no longer owed."""
    actor = actor_for(link.account, at)
    reads, _ = scope_of(link.account, at.astimezone(SHANGHAI).date())
    if not actor.roles or actor.company is None or has_second_factor(link.account):
        raise LinkRefused("这个链接已失效。")
    until = (link.opened_at or at) + STAYS
    if link.confirms is not None:
        actor = replace(actor, only=TO_CONFIRM)
        assert actor.company is not None
        _require_waiting(link.confirms, actor, reads, at)
        return Entry(link.pk, actor, actor.company, None, (), None, until, link.confirms)
    assert link.obligation is not None
    actor = replace(actor, only=VERBS)
    row = _owed(link.obligation, actor, reads, at)
    return Entry(link.pk, actor, row.company_id, link.obligation, row.proof_kinds, link.record, until)


def _owed(obligation_id: int, actor: Actor, reads: tuple[int, ...], at: datetime) -> ObligationRow:
    try:
        with acting(actor, reads=reads, writes=(), at=at):
            row = duties.obligation(obligation_id)
    except NotFound:
        raise LinkRefused("这个链接已失效：任务已不存在。") from None
    if row.state not in OWING:
        raise LinkRefused("这项任务已办结，链接已失效。")
    return row


def _require_waiting(record_id: int, actor: Actor, reads: tuple[int, ...], at: datetime) -> None:
    with acting(actor, reads=reads, writes=(), at=at):
        asked = confirmations.own(record_id)
    if asked is None:
        raise LinkRefused("这个链接已失效：记录已修订或作废，不再需要确认。")
    if asked.confirmed_at is not None:
        raise LinkRefused("您已确认过这份记录，链接已失效。")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
