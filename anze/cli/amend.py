"""`anze catalogue apply`: what today's files change for whom, and then changing it, company by company."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from anze.cli import installation
from anze.cli.database import require_known_schema
from anze.cli.installation import InstallationError

DUE = "标准库有新版本尚未套用于 {n} 家企业，判定仍按旧版本进行。请运行 anze catalogue apply 查看变更并套用。"


def add_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("--company", help="只看（或只套用于）一家企业：编号、名称或拼音首字母")
    action.add_argument("--json", action="store_true", help="以 JSON 输出变更和影响")
    action.add_argument("--yes", action="store_true", help="确认套用；省略则只预览，不写任何数据")


def apply(arguments: argparse.Namespace) -> int:
    """Raises CatalogueErrors while files do not check or are not published; InstallationError."""
    with installation.opened():
        require_known_schema()
        from anze.records.duties.footing import EditionVanished
        from anze.records.lawbook import checked

        checked()
        companies = _chosen(arguments.company)
        try:
            return _apply(companies) if arguments.yes else _preview(companies, arguments.json)
        except EditionVanished as vanished:
            raise InstallationError(str(vanished)) from vanished


def companies_due() -> int:
    """How many companies stand on other editions than the shelf's. Needs Django and a known schema."""
    return len(_due(_chosen(None)))


def tell_if_due() -> None:
    if due := companies_due():
        print(DUE.format(n=due))


def check_stored() -> int:
    """Whether every edition that a stored verdict names is on the shelf. 1: some are not."""
    with installation.opened():
        require_known_schema()
        from anze.records.lawbook import off_shelf

        named = _stored_editions()
        gone = off_shelf(named)
    for edition in gone:
        wanted = f"请从版本库恢复 catalogue/editions/{edition}.yaml"
        print(f"已存判定所依据的版本 {edition} 不在标准库中。{wanted}。", file=sys.stderr)
    if not gone:
        print(f"已存判定依据 {len(named)} 个版本，全部在标准库中。")
    return 1 if gone else 0


def _stored_editions() -> list[str]:
    """Asked of the owner role: of every company."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT edition FROM duties_obligation UNION SELECT edition FROM duties_correction UNION "
            "SELECT value FROM duties_application, jsonb_each_text(editions) ORDER BY 1"
        )
        return [edition for (edition,) in cursor.fetchall()]


def _chosen(asked: str | None) -> list[int]:
    from anze.jobs.companies import every_company
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.tenants import queries as tenants

    every = every_company()
    if asked is None:
        return list(every)
    if asked.isdecimal() and int(asked) in every:
        return [int(asked)]
    with acting(SYSTEM, reads=every, writes=(), at=datetime.now(UTC)):
        found = sorted(tenants.matching_companies(asked))
        names = [tenants.company(company).name for company in found]
    if len(found) == 1:
        return found
    if not found:
        raise InstallationError(f"没有企业“{asked}”。")
    raise InstallationError(f"“{asked}”符合多家企业：{'、'.join(names[:10])}。请写得更具体，或用编号。")


def _due(companies: Sequence[int]) -> list[int]:
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.duties.footing import companies_due

    with acting(SYSTEM, reads=tuple(companies), writes=(), at=datetime.now(UTC)):
        return companies_due()


def _preview(companies: Sequence[int], as_json: bool) -> int:
    found = list(_prospects(companies))
    changes = {tuple(row.items()): row for _, rows, _ in found for row in map(_plain, rows)}
    if as_json:
        told = [{"id": one["id"], "name": one["name"], **counts} for one, _, counts in found]
        print(
            json.dumps({"changes": list(changes.values()), "companies": told}, ensure_ascii=False, indent=1)
        )
        return 0
    if not found:
        print("没有需要套用的变更。")
        return 0
    print(f"变更 {len(changes)} 项，涉及企业 {len(found)} 家：")
    for row in changes.values():
        print("\n".join(_change_lines(row)))
    for one, _, counts in found:
        print(f"{one['name']}：{_counts_in_words(counts)}")
    print("以上为预览，没有写入任何数据。确认后运行 anze catalogue apply --yes。")
    return 0


def _prospects(
    companies: Sequence[int],
) -> Iterator[tuple[dict[str, Any], Sequence[Any], dict[str, int]]]:
    """(company, changes in words, counts), of those on which the shelf is not applied yet."""
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.duties import amending, amendments
    from anze.records.tenants import queries as tenants

    for company in _due(companies):
        with acting(SYSTEM, reads=(company,), writes=(), at=datetime.now(UTC)):
            prospect = amending.prospect(company_id=company)
            if prospect is not None:
                rows = [amendments.in_words(one) for one in prospect.amendments]
                name = tenants.company(company).short_name
                yield {"id": company, "name": name}, rows, prospect.total._asdict()


def _apply(companies: Sequence[int]) -> int:
    """Each company in its own transaction: killed at any point, the next run goes on with the others."""
    from anze.records.acting.context import SYSTEM, acting
    from anze.records.duties import amending
    from anze.records.tenants import queries as tenants

    due = _due(companies)
    for count, company in enumerate(due, start=1):
        with acting(SYSTEM, reads=(company,), at=datetime.now(UTC)):
            name = tenants.company(company).short_name
            applied = amending.apply_editions(company_id=company)
        done = _counts_in_words(applied.total._asdict()) if applied is not None else "已由他人套用"
        print(f"[{count}/{len(due)}] {name}：{done}", flush=True)
    print(f"已套用于 {len(due)} 家企业。" if due else "没有需要套用的变更。")
    return 0


def _plain(row: Any) -> dict[str, Any]:
    plain = asdict(row)
    return {**plain, "since": plain["since"].isoformat() if plain["since"] else None}


def _change_lines(row: Mapping[str, Any]) -> Iterator[str]:
    since = f"{row['since']} 起" if row["since"] else "自套用之日起"
    yield f"〔{row['label']}〕{row['position_name']} {row['requirement']} {row['text']}"
    yield f"  {since}：{row['old_rule']} → {row['new_rule']}"
    yield f"  依据：{'；'.join(row['cites'])}"
    if row["why"]:
        yield f"  更正：{row['was']}；{row['why']}（{row['found']}）"


def _counts_in_words(counts: Mapping[str, int]) -> str:
    words = {"opened": "新增任务", "withdrawn": "撤销", "changed": "改变", "corrected": "附更正"}
    return "，".join(f"{words[key]} {number} 项" for key, number in counts.items())
