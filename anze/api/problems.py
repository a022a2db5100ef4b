"""Every refusal as one JSON object: status, title, a Chinese sentence, and the errors by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anze.records.acting.context import NoScope, OutOfScope
from anze.records.acting.errors import NotFound, NotPermitted, Refused
from anze.records.evidence.drafts import AlreadySealed, InvalidAttachment, InvalidDraft

PREFIX = "/api/"
TITLES = {
    400: "请求有误",
    401: "令牌无效",
    403: "没有权限",
    404: "找不到这项内容",
    405: "不支持这种方法",
    409: "与现状冲突",
    413: "内容过大",
    422: "内容有误",
    500: "系统出错",
}
DETAILS = {
    401: "请在请求头 Authorization 中以 Bearer 方式提供有效的接口令牌；令牌可能已过期或已停用。",
    404: "没有这个地址或这项内容。",
    405: "这个地址不支持这种方法。",
    413: "请求内容过大。",
    500: "系统出错，已记入日志，请稍后再试或联系管理员。",
}
RACE = "同一时间有人改动了相同的数据，本次没有保存，请重试。"
UNREADABLE = "请求内容不是有效的 JSON。"
# What pydantic calls an error -> what is wrong; `ctx` fills in the bounds.
WORDS = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请去掉。",
    "string_type": "应为文字。",
    "string_too_long": "最多 {max_length} 字。",
    "string_too_short": "至少 {min_length} 字。",
    "string_pattern_mismatch": "格式不对。",
    "string_unicode": "含有无效的字符。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_parsing_size": "数字过大。",
    "int_from_float": "应为整数。",
    "float_type": "应为数字。",
    "finite_number": "应为数字。",
    "greater_than": "应大于 {gt}。",
    "greater_than_equal": "应不小于 {ge}。",
    "less_than_equal": "应不大于 {le}。",
    "literal_error": "只能是：{expected}。",
    "list_type": "应为列表。",
    "dict_type": "应为对象。",
    "model_attributes_type": "应为对象。",
    "too_long": "最多 {max_length} 项。",
    "timezone_aware": "时间须带时区，如 2026-05-08T09:00:00+08:00。",
    "datetime_from_date_parsing": "时间请写成 2026-05-08T09:00:00+08:00 的样子。",
    "date_from_datetime_parsing": "日期请写成 2026-05-08 的样子。",
    "value_error": "日期或时间不合理，请检查。",
}
REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (NotFound, 404, ""),
    (NotPermitted, 403, ""),
    (AlreadySealed, 409, ""),
    (Refused, 409, ""),
    (NoScope, 403, "此账号不能查看或改动这家企业的数据。"),
    (OutOfScope, 403, "此账号不能查看或改动这家企业的数据。"),
    (IntegrityError, 409, RACE),
    (DataError, 422, "内容超出可以保存的范围。"),
    (RequestDataTooBig, 413, DETAILS[413]),
    (SuspiciousOperation, 422, UNREADABLE),
)


class InvalidQuery(Refused):
    """`errors`: parameter -> what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("；".join(self.errors.values()))


def refuse_unknown(request: HttpRequest, query: type[Schema]) -> None:
    """A misspelt filter would otherwise answer with everything. Raises InvalidQuery."""
    unknown = [name for name in request.GET if name not in query.model_fields]
    if unknown:
        raise InvalidQuery(dict.fromkeys(unknown, WORDS["extra_forbidden"]))


def problem(status: int, detail: str = "", errors: Mapping[str, str] | None = None) -> HttpResponse:
    title = TITLES.get(status, TITLES[400])
    said = detail or DETAILS.get(status, title + "。")
    content = {"status": status, "title": title, "detail": said, "errors": dict(errors or {})}
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="anze"'
    return response


def answer_refusals(api: NinjaAPI) -> None:
    for kind, status, said in REFUSALS:
        api.add_exception_handler(kind, _answer(status, said))
    for keyed in (InvalidDraft, InvalidQuery):
        api.add_exception_handler(keyed, _keyed)
    api.add_exception_handler(InvalidAttachment, lambda _, e: problem(422, str(e), {"file": str(e)}))
    api.add_exception_handler(OperationalError, _operational)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, lambda _, error: problem(401))
    api.add_exception_handler(HttpError, lambda _, error: problem(422, UNREADABLE, {"body": UNREADABLE}))


def _answer(status: int, said: str) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _, error: problem(status, said or str(error))


def _keyed(_: HttpRequest, error: Any) -> HttpResponse:
    return problem(422, str(error), error.errors)


def _operational(_: HttpRequest, error: Any) -> HttpResponse:
    """Deadlocks and locks not got are a race; a database that is away is our own failure."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    if state.startswith(("40", "55")):
        return problem(409, RACE)
    raise error


def _invalid(_: HttpRequest, refusal: Any) -> HttpResponse:
    """`errors` of ninja: where, and what pydantic calls it."""
    errors: dict[str, str] = {}
    for error in refusal.errors:
        errors.setdefault(_key(error["loc"]), _said(error))
    return problem(422, "；".join(f"{key}：{said}" for key, said in list(errors.items())[:5]), errors)


def _key(place: Sequence[str | int]) -> str:
    """parts.0.role: without where ninja read it from and under which argument."""
    inner = [str(step) for step in place[1:] if step not in ("asked", "draft", "[key]")]
    return ".".join(inner) or str(place[0])


def _said(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if kind.startswith(("date_", "datetime_")):
        kind = "date_from_datetime_parsing" if kind.startswith("date_") else "datetime_from_date_parsing"
    return WORDS.get(kind, "格式不对。").format_map({"expected": "", **error.get("ctx", {})})


class ProblemMiddleware:
    """What answers below `/api/` before or after the API itself answers in the same form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        json_already = response.headers.get("Content-Type", "").startswith("application/json")
        if not request.path.startswith(PREFIX) or response.status_code < 400 or json_already:
            return response
        said = problem(response.status_code)
        if "Allow" in response.headers:
            said["Allow"] = response.headers["Allow"]
        return said
