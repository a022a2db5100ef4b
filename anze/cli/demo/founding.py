"""The papers that the departments stand on since the company's records began, and the holders' declarations."""

# ruff: noqa: E501 -- a row of a table reads better unwrapped; a Chinese character counts as two
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from anze.cli.demo.days import at, chance, office_day
from anze.cli.demo.regulars import cast
from anze.cli.demo.story import Happening, Paper, Teller
from anze.cli.demo.yearly import declarations
from anze.records.lawbook import lawbook
from anze.rules.catalogue.model import Kind

DAY = timedelta(days=1)
LEADERS = ("vice", "vice2", "safety-head")
HEADS = ("operations", "technical", "monitoring")
# Document, title, who organised it, who took part.
PAPERS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("dual_prevention", "双重预防体系文件", LEADERS, HEADS),
    ("emergency_plan", "综合应急预案和专项预案", ("vice", "safety-head"), ("technical", "operations", "office")),
    ("system", "部门安全管理制度汇编", ("vice", "vice2", "safety-head", *HEADS), ("office",)),
    ("procedure", "部门岗位操作规程", ("vice", "safety-head", *HEADS), ()),
    ("responsibility", "分管范围安全生产责任制", ("vice2",), ("office",)),
    ("standard", "部门作业标准", HEADS, ()),
    ("post_list", "岗位安全职责清单", HEADS, ()),
    ("vehicle", "车辆技术管理制度", ("technical",), ("technician",)),
    ("monitoring", "车辆动态监控管理制度", ("monitoring",), ("monitor",)),
    ("personnel", "人力资源管理制度", ("office",), ()),
)  # fmt: skip


def founding(teller: Teller) -> Iterator[Happening]:
    day = office_day(teller.days.start + 4 * DAY)
    for index, (document, title, organisers, others) in enumerate(PAPERS):
        makers = cast(teller, organisers, day)
        if makers and teller.firm.keeps(f"paper-{document}", 0):
            yield Happening(
                kind="policy.issue",
                title=title,
                happened=at(day, f"{9 + index // 2:02d}:{20 * (index % 2):02d}"),
                seal=at(day, "17:00"),
                by=teller.safety(day),
                values={"document": document, "number": f"安〔{day.year}〕{12 + index}号"},
                parts={"organiser": makers, "participant": cast(teller, others, day)},
            )
    yield from set_up(teller, day + 3 * DAY)


def set_up(teller: Teller, day: date) -> Iterator[Happening]:
    """The permit, the ledger of routes, the platform with its limits and the archive of trainings."""
    day = office_day(day)
    expires = str(teller.days.today + 800 * DAY)
    wanted = (
        ("operation.permit", "道路客运经营许可证", "operations",
         {"number": "浙交运管许可甬字（演示）330226号", "scope": "县际、市际班车和旅游包车", "expires": expires}),
        ("route.ledger", "建立线路信息台账", "operations", {"action": "created", "content": "27条线路建账。"}),
        ("monitoring.archive", "平台基础资料归档", "monitoring", {"action": "filed", "result": "complete"}),
        ("monitoring.setting", "报警阈值和参数设置", "monitoring",
         {"scope": "all", "content": "基本和分段限速，夜间80%，疲劳两小时提示。"}),
        ("archive.check", "教育培训档案建档", "safety-head", {"scope": "all"}),
    )  # fmt: skip
    for kind, title, key, values in wanted:
        if not cast(teller, [key], day) or not teller.firm.keeps(kind, 0):
            continue
        role = "inspector" if kind == "archive.check" else "organiser"
        papers = (Paper("许可证.pdf", (title, f"有效期至：{expires}", "演示文件，不具效力")),)
        yield Happening(
            kind=kind,
            title=title,
            happened=at(day, "09:40"),
            seal=at(day, "15:40"),
            by=teller.safety(day),
            values=values,
            parts={role: [key]},
            papers=papers if kind == "operation.permit" else (),
        )


def declared(teller: Teller, year: int) -> Iterator[Happening]:
    """Each December the diligent firm's holders declare what no record shows; now and then one forgets."""
    day = teller.on(year, 12, 22)
    if day is None or teller.firm.rate < 1:
        return
    for holder in teller.firm.holders:
        position = lawbook().positions[holder.position]
        if holder.position in ("coach.principal", "coach.safety_manager"):
            continue
        asked = [r.id for r in position.requirements if r.kind is Kind.ATTESTED]
        kept = tuple(
            r for r in asked if chance(teller.firm.key, holder.key, r, year) < teller.firm.rate - 0.05
        )
        yield from declarations(teller, office_day(day), holder.key, kept)
