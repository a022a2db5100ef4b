"""法规变更: what changed, for whom, what it means; the notice until it is read; the correction beside."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anze.records.acting.context import SYSTEM, acting
from anze.records.duties import amending
from anze.records.duties.models import Application, Obligation
from anze.records.signatures import actions as signing
from anze.records.signatures.lists import list_in_force
from tests.cast import NOW, Cast
from tests.shelf import COURSE, MANAGER, MEETING, NEW, STUDY, Shelf, shelf
from tests.web.conftest import Browse, seal_study, statements

__all__ = ["shelf"]
NOTICE = "与您岗位有关的法规或清单有变更"


@pytest.fixture(autouse=True)
def files(shelf: Shelf) -> Shelf:
    """Before anybody is judged."""
    return shelf


def words(client: Client, url: str) -> str:
    return re.sub(r"\s+", " ", client.get(url).content.decode())


@pytest.fixture
def amended(files: Shelf, decided: Cast) -> Cast:
    with decided.acts("safety_manager"):
        asked = list_in_force("coach.safety_manager")
        signing.sign_list(position=asked.position, edition=asked.edition, digest=asked.digest)
    files.correct("每年至少参加一次主管部门")
    files.change_law()
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW):
        assert amending.apply_editions(company_id=decided.a.id) is not None
    return decided


def test_what_changed_for_whom_and_from_which_day(amended: Cast, manager: Client) -> None:
    page = words(manager, "/amendments/")
    for said in (
        "2026年11月20日套用", "调整", "废止", "新增", "更正", "每月至少1次", "每月至少2次", "2026年9月1日起",
        "（无此要求）", "（不再要求）", "读作一次；原件为两次，转载时脱字", "李甬", "附更正 1 项",
        f"/obligations/?requirement={STUDY}", f"/obligations/?requirement={NEW}",
    ):  # fmt: skip
        assert said in page, said


def test_who_holds_the_post_is_asked_to_sign_again(amended: Cast, manager: Client, browse: Browse) -> None:
    page = words(manager, "/amendments/")
    assert "“安全生产管理人员”清单有更新，须重新签署：李甬" in page
    assert "/posts/coach.safety_manager/sign/" in page
    assert "/posts/coach.safety_manager/sign/" not in words(browse("principal"), "/amendments/")
    assert "签署后，清单有更新" in words(manager, "/")


def test_the_workbench_tells_of_it_until_it_is_read(amended: Cast, manager: Client, browse: Browse) -> None:
    with amended.acts("safety_manager"):
        [_, application] = Application.objects.order_by("number")
    assert NOTICE in words(manager, "/")
    response = manager.post(f"/amendments/{application.pk}/read/")
    assert response["Location"] == "/amendments/"
    page = words(manager, "/amendments/")
    assert "已记下您阅读了这次变更" in page
    assert "我已阅读" not in page
    assert NOTICE not in words(manager, "/")
    assert NOTICE in words(browse("principal"), "/")
    for member in ("monitor", "driver", "other_principal", "officer"):
        assert NOTICE not in words(browse(member), "/")


def test_who_is_not_concerned_sees_nothing_of_it(amended: Cast, browse: Browse) -> None:
    assert "没有与您岗位有关的法规变更" in words(browse("driver"), "/amendments/")
    assert "有 4 项变更尚未套用到本企业" in words(browse("other_principal"), "/amendments/")
    assert browse("officer").get("/amendments/").status_code == 403


def test_before_it_is_applied_the_page_says_so(
    files: Shelf, decided: Cast, manager: Client, browse: Browse
) -> None:
    files.change_law()
    page = words(manager, "/amendments/")
    assert "有 3 项变更尚未套用到本企业" in page
    assert "套用之日起" in page
    assert "待套用" in words(manager, "/health/")
    assert "尚未套用" not in words(browse("driver"), "/amendments/")


def test_the_correction_stands_beside_the_verdict(amended: Cast, manager: Client) -> None:
    with amended.acts("safety_manager"):
        closed = Obligation.objects.get(requirement=COURSE, starts="2025-01-01")
        assert closed.edition != closed_by_today()
    page = words(manager, f"/obligations/{closed.pk}/")
    assert "期限已过，没有可证明履职的记录。" in page
    assert "该版本误读了原文：读作一次；原件为两次，转载时脱字" in page
    assert "每年至少2次" in page
    assert "期限届满时的版本" in page
    assert closed.edition in page


def closed_by_today() -> str:
    return list_in_force("coach.safety_manager").edition


def test_a_vanished_edition_is_named_and_pages_go_on(amended: Cast, files: Shelf, manager: Client) -> None:
    with amended.acts("safety_manager"):
        old = Obligation.objects.get(requirement=COURSE, starts="2025-01-01").edition
    files.lose(old)
    assert f"catalogue/editions/{old}.yaml" in words(manager, "/health/")
    assert "缺失" in words(manager, "/health/")
    assert old in words(manager, "/amendments/")
    assert manager.get("/").status_code == 200
    with amended.acts("safety_manager"):
        Obligation.objects.filter(requirement=STUDY, state="open").update(until=NOW)
    assert f"到期任务暂时不能重新判定。判定所依据的版本 {old}" in words(manager, "/")


def test_few_queries(amended: Cast, manager: Client) -> None:
    seal_study(amended, amended.a)
    assert statements(manager, "/amendments/") <= 20


def test_without_any_change_the_page_says_so(files: Shelf, decided: Cast, manager: Client) -> None:
    assert "还没有法规变更" in words(manager, "/amendments/")
    assert files.edition(MANAGER) in words(manager, "/health/")
    assert "历次判定所依据的版本都在标准库中" in words(manager, "/health/")


def test_an_error_about_a_place_is_told_beside_the_verdict(
    files: Shelf, decided: Cast, manager: Client
) -> None:
    files.correct_place()
    files.correct_limit()
    with acting(SYSTEM, reads=(decided.a.id,), at=NOW):
        amending.apply_editions(company_id=decided.a.id)
        row = Obligation.objects.get(requirement=MEETING, starts="2026-10-01")
    page = words(manager, "/amendments/")
    for said in (
        "更正补录期限：", "更正地方规定（宁波市）：", "补录期限：记录最迟何时封存才算及时",
        "各岗位的任务都按它判定",
    ):  # fmt: skip
        assert said in page, said
    page = words(manager, f"/obligations/{row.pk}/")
    assert "按地方规定（宁波市）、补录期限版本" in page
    assert "抄录时看错一行" in page
