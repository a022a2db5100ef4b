"""One-use links: opened once, on one device, for one page; every other use is refused with a way to go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties.models import Obligation
from anze.records.evidence.models import Record
from anze.records.journal.models import Entry
from anze.records.people import actions as people
from anze.records.reminders import links
from anze.records.reminders.models import Link
from anze.web.links.device import COOKIE
from tests.cast import NOW, TODAY, Cast
from tests.records.reminders.conftest import owe
from tests.web.conftest import Browse


def issued(cast: Cast, obligation: int, member: str = "safety_manager") -> str:
    with acting(SYSTEM, reads=(cast.a.id,), at=NOW):
        return links.issue(account=cast.account(member), obligation_id=obligation)


@pytest.fixture
def duty(decided: Cast) -> int:
    with decided.acts("safety_manager"):
        row = (
            Obligation.objects.filter(
                state="open",
                position="coach.safety_manager",
                subject=None,
                requirement="coach.safety_manager.d2.a",
            ).first()
            or Obligation.objects.filter(state="open", position="coach.safety_manager", subject=None).first()
        )
        assert row is not None
        return row.pk


@pytest.fixture
def link(decided: Cast, duty: int) -> str:
    return issued(decided, duty)


@pytest.fixture
def device() -> Client:
    return Client()


def page(duty: int) -> str:
    return f"/obligations/{duty}/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_looking_at_a_link_opens_nothing(device: Client, link: str):
    for _ in range(3):
        assert "在这台设备上打开" in text(device.get(link))
    device.head(link)
    assert Link.objects.get().opened_at is None
    assert COOKIE not in device.cookies


def test_opening_shows_the_page_without_a_session(device: Client, link: str, duty: int, decided: Cast):
    answer = device.post(link)
    assert (answer.status_code, answer["Location"]) == (302, page(duty))
    assert answer["Cache-Control"] == "no-store"
    shown = device.get(page(duty))
    assert shown.status_code == 200
    assert "您通过一次性链接打开" in text(shown)
    assert "anze_session" not in device.cookies
    assert device.cookies[COOKIE]["httponly"]
    with decided.acts("safety_manager"):
        (entry,) = Entry.objects.filter(action="reminders.open_link")
        assert (entry.actor, entry.reason) == (f"person:{decided.a.safety_manager}", links.BY_LINK)


def test_only_digests_are_kept(device: Client, link: str):
    device.post(link)
    row = Link.objects.get()
    secret = link.split("/")[-2]
    assert secret not in (row.digest, row.device)
    assert len(row.digest) == len(row.device) == 64


def test_the_same_device_goes_on_another_is_refused(device: Client, link: str, duty: int):
    device.post(link)
    assert device.get(link)["Location"] == page(duty)
    assert device.post(link)["Location"] == page(duty)
    other = Client()
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 410
        assert "已经打开过" in text(answer)
        assert f'href="/signin/?next={page(duty)}"' in text(answer)
    assert other.get(page(duty))["Location"].startswith("/signin/")


def test_a_key_that_was_not_given_opens_nothing(device: Client, link: str, duty: int):
    device.post(link)
    other = Client()
    other.cookies[COOKIE] = device.cookies[COOKIE].value + "x"
    assert other.get(page(duty)).status_code == 302
    Link.objects.update(device="0" * 64)
    assert device.get(page(duty)).status_code == 302


def test_nothing_but_the_page_is_open(device: Client, link: str, duty: int, decided: Cast):
    device.post(link)
    with decided.acts("safety_manager"):
        another = Obligation.objects.exclude(pk=duty).first()
    with decided.acts("other_safety_manager"):
        foreign = Obligation.objects.first()
    assert another is not None
    assert foreign is not None
    elsewhere = [page(another.pk), page(foreign.pk), "/", "/records/", "/company/", "/tokens/", "/reminders/"]
    for url in [
        *elsewhere,
        f"/obligations/{duty}/waive/",
        "/records/new/?kind=meeting.leading-group",
        "/nowhere/",
    ]:
        assert device.get(url)["Location"].startswith("/signin/") if url != "/nowhere/" else True, url
    assert device.get("/api/v1/me").status_code == 401


def test_another_tenants_link_shows_that_tenant_alone(decided: Cast, device: Client, duty: int):
    with decided.acts("other_safety_manager"):
        theirs = Obligation.objects.filter(state="open").first()
    assert theirs is not None
    with acting(SYSTEM, reads=(decided.b.id,), at=NOW):
        link = links.issue(account=decided.account("other_safety_manager"), obligation_id=theirs.pk)
        assert links.issue(account=decided.account("other_safety_manager"), obligation_id=duty) == ""
    device.post(link)
    assert device.get(page(theirs.pk)).status_code == 200
    assert device.get(page(duty)).status_code == 302


def test_no_link_to_what_the_person_may_not_see(decided: Cast, duty: int):
    assert issued(decided, duty, "driver") == ""


@pytest.mark.parametrize(
    ("later", "words"), [(timedelta(hours=72), "已过期"), (-timedelta(hours=1), "已过期")]
)
def test_after_its_time_or_before_it_a_link_is_refused(
    device: Client, link: str, later: timedelta, words: str
):
    """Before: the clock was set back."""
    with time_machine.travel(NOW + later, tick=False):
        answer = device.post(link)
    assert answer.status_code == 410
    assert "已过期" in text(answer)


def test_the_stay_is_limited(device: Client, link: str, duty: int):
    device.post(link)
    with time_machine.travel(NOW + links.STAYS - timedelta(seconds=1), tick=False):
        assert device.get(page(duty)).status_code == 200
    with time_machine.travel(NOW + links.STAYS, tick=False):
        assert device.get(page(duty)).status_code == 302
        assert device.get(link).status_code == 410


def test_a_link_that_nobody_issued_is_refused(device: Client):
    for secret in ("x", "x" * 200):
        answer = device.get(f"/go/{secret}/")
        assert answer.status_code == 410
        assert "不存在" in text(answer)
        assert 'href="/signin/"' in text(answer)


def test_when_the_duty_is_done_the_link_ends(decided: Cast, link: str, duty: int, device: Client):
    device.post(link)
    with decided.acts("safety_manager"):
        Obligation.objects.filter(pk=duty).update(state="met", until=None)
    assert device.get(page(duty)).status_code == 302
    other = issued(decided, duty)
    assert "已办结" in text(Client().get(other))
    with decided.acts("safety_manager"):
        Obligation.objects.filter(pk=duty).delete()
    assert "不存在" in text(Client().get(other))


def test_when_the_person_leaves_the_link_ends(decided: Cast, link: str, duty: int, device: Client):
    device.post(link)
    with decided.acts("principal"):
        people.dismiss(person_ids=[decided.a.safety_manager], left_on=TODAY)
    assert device.get(page(duty)).status_code == 302
    assert Client().get(link).status_code == 410


def test_when_the_account_is_closed_the_link_ends(decided: Cast, link: str, duty: int, device: Client):
    device.post(link)
    with decided.acts("principal"):
        people.close_account(account_id=decided.account("safety_manager").pk)
    assert device.get(page(duty)).status_code == 302


def test_a_link_is_no_way_around_a_second_factor(
    decided: Cast, link: str, duty: int, device: Client, monkeypatch: pytest.MonkeyPatch
):
    device.post(link)
    monkeypatch.setattr(links, "has_second_factor", lambda account: True)
    assert device.get(page(duty)).status_code == 302
    assert Client().get(link).status_code == 410
    assert links.accounts_of([decided.a.safety_manager]) == {}


def test_whoever_is_signed_in_needs_no_link(browse: Browse, link: str, duty: int):
    assert browse("safety_manager").post(link)["Location"] == page(duty)
    assert "不是发给您" in text(browse("principal").post(link))
    assert Link.objects.get().opened_at is None


def test_a_link_drafts_the_record_and_goes_on_with_that_draft_alone(decided: Cast, device: Client):
    duty = owe(decided)
    device.post(issued(decided, duty))
    kind = "policy.issue"
    with decided.acts("safety_manager"):
        from anze.records.duties import queries

        kind = queries.obligation(duty).proof_kinds[0]
    new = f"/records/new/?kind={kind}&obligation={duty}"
    assert device.get(new).status_code == 200
    assert device.get(f"/records/new/?kind=other.record&obligation={duty}").status_code == 302
    answer = device.post(
        new, {"title": "十一月工作", "happened_at": "2026-11-19T09:00", "parts": "[]", "subjects": "[]"}
    )
    assert answer.status_code == 302, text(answer)
    assert answer["Location"].startswith("/records/")
    with decided.acts("safety_manager"):
        (draft,) = Record.objects.filter(title="十一月工作")
        (noted,) = Entry.objects.filter(action="record.draft") or [None]
    assert Link.objects.get(obligation=duty).record == draft.pk
    shown = device.get(f"/records/{draft.pk}/")
    assert shown.status_code == 200
    assert "继续编辑" in text(shown)
    assert f"/records/{draft.pk}/print/" not in text(shown)  # nothing is offered that leads to signing in
    assert "删除草稿" not in text(shown)
    assert device.get(new)["Location"] == f"/records/{draft.pk}/edit/?obligation={duty}"
    assert device.get(f"/records/{draft.pk}/edit/").status_code == 200
    for forbidden in ("seal/", "discard/", "void/"):
        assert device.post(f"/records/{draft.pk}/{forbidden}")["Location"].startswith("/signin/")
    assert device.get(f"/records/{draft.pk + 1}/").status_code == 302
    assert noted is None or noted.reason == links.BY_LINK


def test_signing_out_forgets_the_link(device: Client, link: str, duty: int):
    device.post(link)
    device.post("/signout/")
    assert device.get(page(duty)).status_code == 302


def test_old_links_are_forgotten(link: str):
    assert links.forget_old(at=NOW) == 0
    assert links.forget_old(at=NOW + timedelta(days=401)) == 1
