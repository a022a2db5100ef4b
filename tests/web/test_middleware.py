"""One request is one scope, one instant, one transaction; what goes wrong is rolled back and explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from anze.records.acting.context import NoScope, OutOfScope, current
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.duties import choosing
from anze.records.duties.choices import waivers
from anze.web.middleware import ActingMiddleware
from tests.cast import NOW, Cast
from tests.web.conftest import Browse

REQUIREMENT = "coach.safety_manager.d3.a"


@pytest.mark.parametrize("url", ["/", "/company/", "/obligations/", "/bureau/", "/commitments/", "/records/"])
def test_strangers_are_sent_to_sign_in(db: None, url: str) -> None:
    response = Client().get(url)
    assert response.status_code == 302
    assert response["Location"] == f"/signin/?next={url}"


def test_a_partial_request_of_a_stranger_moves_the_whole_page(db: None) -> None:
    response = Client().get(
        "/obligations/", headers={"HX-Request": "true", "HX-Current-URL": "/obligations/"}
    )
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/signin/?next=/obligations/"


def through(cast: Cast, view: Callable[[HttpRequest], HttpResponse], member: str = "safety_manager") -> Any:
    """The view behind the middleware, with Django's own handling of its exceptions."""
    request = RequestFactory().get("/obligations/")
    request.user = cast.account(member)

    def respond(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Exception as error:
            answer = middleware.process_exception(request, error)
            return answer if answer is not None else HttpResponse("broken", status=500)

    middleware = ActingMiddleware(respond)
    return middleware(request)


def test_the_scope_is_the_account_and_the_instant_is_frozen(decided: Cast) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        scope = current()
        assert scope.reads == scope.writes == (decided.a.id,)
        assert scope.at == NOW
        return HttpResponse("seen")

    assert through(decided, view).content == b"seen"
    with pytest.raises(NoScope):
        current()


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NotFound("没有这条记录。"), 404, "没有这条记录。"),
        (NotPermitted("您的岗位无权豁免。"), 403, "您的岗位无权豁免。"),
        (Refused("日期不能晚于今天。"), 400, "日期不能晚于今天。"),
        (NoScope("x"), 403, "不能查看或改动"),
        (OutOfScope("x"), 403, "不能查看或改动"),
        (IntegrityError("x"), 409, "同一时间有人改动了"),
        (OperationalError("x"), 409, "同一时间有人改动了"),
        (RuntimeError("x"), 500, "broken"),
    ],
)
def test_each_error_has_its_page_and_nothing_stays(
    decided: Cast, error: Exception, status: int, says: str
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        choosing.waive(requirement=REQUIREMENT, since=current().today, until=None, reason="试")
        raise error

    response = through(decided, view)
    assert response.status_code == status
    assert says in response.content.decode()
    with decided.acts("safety_manager"):
        assert waivers(company_id=decided.a.id, requirement=REQUIREMENT) == []


def lost(kind: type[Exception] = OperationalError, cause: Exception | None = None) -> Exception:
    """As Django raises it: the driver's error is the cause."""
    error = kind("server closed the connection unexpectedly")
    error.__cause__ = cause or psycopg.OperationalError("server closed the connection unexpectedly")
    return error


@pytest.mark.parametrize(
    "error", [lost(), lost(InterfaceError), lost(cause=psycopg.errors.AdminShutdown("terminating"))]
)
def test_a_database_that_is_gone_is_said_to_be_gone(decided: Cast, error: Exception) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    def before_any_view(account: object, at: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        for _ in range(2):
            response = through(decided, view)
            assert response.status_code == 503
            assert "系统暂时无法使用" in response.content.decode()
            patch.setattr("anze.web.middleware.people.entered", before_any_view)


def test_a_deadlock_is_no_outage(decided: Cast) -> None:
    error = lost(cause=psycopg.errors.DeadlockDetected("deadlock detected"))

    def view(request: HttpRequest) -> HttpResponse:
        raise error

    assert through(decided, view).status_code == 409
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anze.web.middleware.people.entered", lambda account, at: view(account))
        with pytest.raises(OperationalError):
            through(decided, view)


def test_a_form_answered_with_an_error_leaves_nothing_behind(decided: Cast) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        choosing.waive(requirement=REQUIREMENT, since=current().today, until=None, reason="试")
        return HttpResponse("again", status=422)

    assert through(decided, view).status_code == 422
    with decided.acts("safety_manager"):
        assert waivers(company_id=decided.a.id, requirement=REQUIREMENT) == []


def test_an_error_before_signing_in_is_explained_too(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    answer = ActingMiddleware(lambda r: HttpResponse()).process_exception(request, NotFound("没有。"))
    assert answer is not None
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("member", "owner", "places"),
    [
        (
            "safety_manager",
            "安达客运",
            ["工作台", "岗位清单", "台账记录", "全公司", "组织人员", "车辆位置"],
        ),
        ("driver", "安达客运", ["工作台", "岗位清单", "台账记录"]),
        ("officer", "甬城市交通运输局", ["企业排名", "重点时段", "台账记录"]),
        ("administrator", "系统管理", ["企业登记"]),
    ],
)
def test_the_frame_shows_whose_it_is_and_where_one_can_go(
    browse: Browse, member: str, owner: str, places: list[str]
) -> None:
    page = browse(member).get("/", follow=True).content.decode()
    assert owner in page
    every = {"工作台", "岗位清单", "台账记录", "全公司", "组织人员", "车辆位置", "重点时段"}
    every |= {"企业排名", "企业登记"}
    assert {place for place in every if f">{place}</a></li>" in page} == set(places)


def test_an_unknown_address_is_a_chinese_page(manager: Client) -> None:
    response = manager.get("/no-such-page/")
    assert response.status_code == 404
    assert "页面不存在" in response.content.decode()
