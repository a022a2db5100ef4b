"""Version 1: assembled here, described by its own OpenAPI document."""

from __future__ import annotations

from ninja import NinjaAPI

from anze.api import amendments, obligations, records, standards
from anze.api.door import StrictParser, Token
from anze.api.problems import answer_refusals

api = NinjaAPI(
    title="安责接口",
    version="1",
    description="读取履职任务，读取和提交台账记录。每个请求以 Bearer 方式携带令牌，按其所属账号的权限办理。",
    urls_namespace="api",
    docs_url=None,
    auth=Token(),
    parser=StrictParser(),
)
answer_refusals(api)
api.add_router("/amendments", amendments.router)
api.add_router("/obligations", obligations.router)
api.add_router("/records", records.router)
api.add_router("", standards.router)
