"""GET amendments: what changed in the law for the company of the token, as its page tells it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from anze.api.door import entered
from anze.api.schemas import AppliedOut, Problem
from anze.records.acting.errors import NotPermitted
from anze.records.duties import amendments as amended

router = Router(tags=["法规变更"])


@router.get("", response={200: list[AppliedOut], 401: Problem, 403: Problem}, url_name="amendments")
def amendments(request: HttpRequest) -> Any:
    """已套用的法规变更和更正，最新的在前，限于可见的岗位；read_at 为空表示本人尚未阅读。"""
    with entered(request) as scope:
        if scope.actor.company is None:
            raise NotPermitted("法规变更由企业人员查阅。")
        return amended.applied(scope.actor.company)
