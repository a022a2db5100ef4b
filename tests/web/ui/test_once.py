"""A form sent twice acts once; one that was typed anew, refused or merely previewed is not held back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anze.jobs.tasks import forget_submissions
from anze.records.people import submissions
from anze.records.people.models import Person, Submission
from anze.web.ui.once import SENT_TWICE
from tests.cast import NOW, Cast
from tests.web.conftest import Browse
from tests.web.records.conftest import study

WEB = Path(__file__).resolve().parents[3] / "anze" / "web"
# Without a session, or answered by a page that shows a secret once, or the end of the session.
ANSWERED_OTHERWISE = {
    "signin/signin.html",
    "signin/code.html",
    "imports/batch.html",  # chooses, and makes nothing yet
    "attendance/sign.html",  # of whoever is not signed in; nobody arrives twice
    "links/landing.html",
    "tokens/index.html",
    "account/factor.html",
    "ui/base.html",
}
NEW = {"name": "吴新", "phone": "", "joined_on": "2026-11-01", "unit": ""}


def mark_of(client: Client, url: str = "/people/new/") -> str:
    found = re.search(r'name="once" value="([0-9a-f]{32})"', client.get(url).content.decode())
    assert found
    return found[1]


def named(cast: Cast, name: str) -> int:
    with cast.acts("safety_manager"):
        return Person.objects.filter(name=name).count()


def test_a_person_is_registered_once_however_often_the_form_arrives(decided: Cast, manager: Client) -> None:
    given = NEW | {"once": mark_of(manager)}
    first = manager.post("/people/new/", given)
    again = manager.post("/people/new/", given, follow=True)
    assert again.redirect_chain == [(first.headers["Location"], 302)]
    assert SENT_TWICE in again.content.decode()
    assert named(decided, "吴新") == 1


def test_another_look_at_the_form_may_register_a_namesake(decided: Cast, manager: Client) -> None:
    for _ in range(2):
        manager.post("/people/new/", NEW | {"once": mark_of(manager)})
    assert named(decided, "吴新") == 2


def test_going_back_and_typing_another_name_is_no_repetition(decided: Cast, manager: Client) -> None:
    mark = mark_of(manager)
    manager.post("/people/new/", NEW | {"once": mark})
    manager.post("/people/new/", NEW | {"once": mark, "name": "吴后"})
    assert named(decided, "吴新") == named(decided, "吴后") == 1


def test_what_was_refused_may_come_again_unchanged(decided: Cast, manager: Client) -> None:
    given = {"once": mark_of(manager), "position": "coach.principal", "since": "2026-11-20"}
    for _ in range(2):
        assert manager.post(f"/people/{decided.a.clerk}/post/", given).status_code == 422
    assert not Submission.objects.exists()


def test_a_preview_does_not_use_a_form_up(manager: Client) -> None:
    url = "/commitments/coach.principal.r6.a/"
    typed = {"every": "month", "times": "1", "since": "2026-11-01", "reason": "试"}
    given = typed | {"once": mark_of(manager, url)}
    for _ in range(2):
        shown = manager.post(url, given, headers={"HX-Request": "true"})
        assert (shown.status_code, SENT_TWICE in shown.content.decode()) == (200, False)
    assert not Submission.objects.exists()
    assert manager.post(url, given | {"confirm": "1"}).status_code == 302


def test_another_ones_form_is_another_form(decided: Cast, browse: Browse, manager: Client) -> None:
    given = NEW | {"once": mark_of(manager)}
    manager.post("/people/new/", given)
    browse("principal").post("/people/new/", given)
    assert named(decided, "吴新") == 2


@pytest.mark.parametrize("mark", ["", "x", "A" * 32, "a" * 33, "a" * 31 + "１"])
def test_what_is_no_mark_is_ignored(decided: Cast, manager: Client, mark: str) -> None:
    assert manager.post("/people/new/", NEW | {"once": mark}).status_code == 302
    assert not Submission.objects.exists()


def test_a_draft_with_its_files_is_kept_once_also_by_htmx(decided: Cast, manager: Client) -> None:
    url = "/records/new/?kind=training.driver-study"
    mark = mark_of(manager, url)

    def send(content: bytes) -> str:
        paper = SimpleUploadedFile("签到表.txt", content, "text/plain")
        typed = study(decided.a, then="draft", once=mark, files=paper)
        return manager.post(url, typed, headers={"HX-Request": "true"}).headers.get("HX-Redirect", "")

    first = send(b"%PDF-1.4 one")
    assert first.startswith("/records/")
    assert send(b"%PDF-1.4 one") == first
    assert send(b"%PDF-1.4 another one") not in ("", first)


def test_old_marks_are_forgotten(decided: Cast, manager: Client) -> None:
    manager.post("/people/new/", NEW | {"once": mark_of(manager)})
    assert submissions.forget_old(at=NOW + timedelta(days=1)) == 0
    Submission.objects.update(at=NOW - timedelta(days=3))
    forget_submissions(timestamp=0)
    assert not Submission.objects.exists()


def test_every_form_that_acts_bears_a_mark() -> None:
    without = set()
    for path in WEB.glob("*/templates/*/*.html"):
        forms = re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL)
        if any("{% once %}" not in form for form in forms):
            without.add("/".join(path.parts[-2:]))
    assert without == ANSWERED_OTHERWISE
