"""`anze catalogue`: check the files, publish editions and apply them, show and count what posts owe."""

from __future__ import annotations

import argparse
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from anze.cli import amend
from anze.rules.catalogue import load
from anze.rules.catalogue.coverage import LIST_NAMES, Coverage, coverage, total
from anze.rules.catalogue.model import Catalogue, Every, Kind, Limit, LimitUnit, Position, Requirement, Term
from anze.rules.catalogue.problems import CatalogueErrors
from anze.rules.catalogue.scheme_coverage import SchemeCoverage, scheme_coverage
from anze.rules.catalogue.scheme_coverage import total as scheme_total
from anze.rules.catalogue.schemes import Scheme

KINDS = {
    Kind.QUOTA: "定额",
    Kind.PER_SUBJECT: "逐一",
    Kind.ON_EVENT: "事件触发",
    Kind.STANDING: "持续保持",
    Kind.INVITATION: "按时参加",
    Kind.COMMITTED: "企业明确",
    Kind.ATTESTED: "人工声明",
}
PERIODS = {
    Every.DAY: "每日",
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF_YEAR: "每半年",
    Every.YEAR: "每年",
}
UNITS = {LimitUnit.HOUR: "小时", LimitUnit.DAY: "日", LimitUnit.WORKDAY: "个工作日", LimitUnit.MONTH: "个月"}


def add_parser(commands: Any) -> None:
    """Registers `catalogue check | publish | show | coverage | apply`."""
    catalogue = commands.add_parser("catalogue", help="法规和职责文件")
    actions = catalogue.add_subparsers(dest="catalogue", required=True, metavar="动作")
    for name, act, words in (
        ("check", check, "检查全部文件，核对已发布的版本"),
        ("publish", publish, "把改动后的职责文件发布为新版本"),
        ("show", show, "列出各岗位的职责和要求"),
        ("coverage", count, "三张清单和考评标准各有多少条、多少项，多少按记录判定"),
        ("apply", apply, "预览新版本改变了什么、影响哪些企业；加 --yes 套用"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("--root", type=Path, help="目录（省略则用安装自带的 catalogue）")
        action.set_defaults(act=act)
    actions.choices["check"].add_argument(
        "--stored", action="store_true", help="再核对已存判定所依据的版本都在（需要数据库）"
    )
    amend.add_arguments(actions.choices["apply"])
    actions.choices["show"].add_argument("position", nargs="?", help="岗位编号，如 coach.principal")


def check(arguments: argparse.Namespace) -> int:
    wrong = _reporting(lambda: _print_totals(load.check(_root(arguments))))
    return wrong or (amend.check_stored() if arguments.stored else 0)


def apply(arguments: argparse.Namespace) -> int:
    return _reporting(lambda: amend.apply(arguments))


def publish(arguments: argparse.Namespace) -> int:
    return _reporting(lambda: _print_published(load.publish(_root(arguments))))


def show(arguments: argparse.Namespace) -> int:
    return _reporting(lambda: _show(load.load(_root(arguments)), arguments.position))


def count(arguments: argparse.Namespace) -> int:
    return _reporting(lambda: _print_coverage(load.load(_root(arguments))))


def _root(arguments: argparse.Namespace) -> Path:
    if arguments.root is not None:
        return Path(arguments.root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anze.config.settings")
    from django.conf import settings

    return Path(settings.CATALOGUE_DIR)


def _reporting(work: Callable[[], int]) -> int:
    try:
        return work()
    except CatalogueErrors as errors:
        print(errors, file=sys.stderr)
        print(f"共 {len(errors.items)} 处。", file=sys.stderr)
        return 1


def _print_totals(catalogue: Catalogue) -> int:
    requirements = [r for p in catalogue.positions.values() for r in p.requirements]
    unverified = sum(term.verified is None for r in requirements for term in r.terms)
    questions = sum(len(bank.questions) for bank in catalogue.banks.values())
    print(
        f"没有问题：{len(catalogue.instruments)} 份法规文件，{len(catalogue.positions)} 个岗位，"
        f"{len(requirements)} 项要求，{len(catalogue.kinds)} 类记录，{len(catalogue.overlays)} 个地方规定，"
        f"{len(catalogue.calendar)} 年日历，{len(catalogue.schemes)} 个考评标准，"
        f"{questions} 道询问题目；{unverified} 个数值未核对。"
    )
    return 0


def _print_published(names: list[str]) -> int:
    print(f"已发布：{'、'.join(names)}" if names else "没有需要发布的改动。")
    return 0


def _show(catalogue: Catalogue, position_id: str | None) -> int:
    if position_id is not None and position_id not in catalogue.positions:
        print(f"没有岗位“{position_id}”。可用：{'、'.join(sorted(catalogue.positions))}", file=sys.stderr)
        return 1
    for position in sorted(catalogue.positions.values(), key=lambda p: (p.trade, p.number)):
        if position_id in (None, position.id):
            print("\n".join(_lines(position)))
    return 0


HEADINGS = ("条目", "已编码", "按记录判定", "整条声明", "要求", "按记录判定", "其中企业明确", "人工声明")


def _print_coverage(catalogue: Catalogue) -> int:
    rows: list[tuple[str, ...]] = [("岗位", "清单", *HEADINGS)]
    counted: list[Coverage] = []
    for position in sorted(catalogue.positions.values(), key=lambda p: (p.trade, p.number)):
        lists = coverage(position)
        rows += [(f"{position.number}.{position.name}", LIST_NAMES[k], *_cells(v)) for k, v in lists.items()]
        rows.append(("", "小计", *_cells(total(lists.values()))))
        counted += lists.values()
    rows.append(("合计", "", *_cells(total(counted))))
    _print_rows(rows)
    for scheme in catalogue.schemes.values():
        print(f"\n{scheme.name}（{scheme.id}，版本 {scheme.edition}）")
        _print_rows(_scheme_rows(scheme))
    return 0


SCHEME_HEADINGS = (
    "要点", "分值", "未印分值", "扣分", "按记录判定", "其中只判失分", "由考评人判定", "须抽样",
    "查资料的扣分", "按记录判定", "否决项", "按记录判定",
)  # fmt: skip


def _scheme_rows(scheme: Scheme) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("编号", "类目", *SCHEME_HEADINGS)]
    for category, counted in scheme_coverage(scheme):
        rows.append((str(category.number), category.name, *_cells(counted)))
    return [*rows, ("合计", "", *_cells(scheme_total(scheme)))]


def _print_rows(rows: list[tuple[str, ...]]) -> None:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        names = [c + " " * (w - _width(c)) for c, w in zip(row[:2], widths[:2], strict=True)]
        numbers = [" " * (w - _width(c)) + c for c, w in zip(row[2:], widths[2:], strict=True)]
        print("  ".join([*names, *numbers]))


def _cells(counted: Coverage | SchemeCoverage) -> tuple[str, ...]:
    return tuple(str(number) for number in astuple(counted))


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _lines(position: Position) -> Iterator[str]:
    yield f"{position.number}.{position.name}（{position.id}，版本 {position.edition}）"
    for line in (*position.responsibilities, *position.duties):
        if line.requirements:
            yield f"  {line.id}  {line.text}"
            for requirement in line.requirements:
                yield f"    {requirement.id}  {requirement.text}〔{_rule(requirement)}〕"


def _rule(requirement: Requirement) -> str:
    kind = KINDS[requirement.kind]
    terms = [_numbers(term) for term in requirement.terms]
    if requirement.floor is not None:
        terms.append("不低于" + _numbers(requirement.floor))
    return "；".join([kind, *(text for text in terms if text)])


def _numbers(term: Term) -> str:
    if term.every is not None:
        return f"{PERIODS[term.every]}{term.times}次"
    if term.within is not None:
        return f"{_length(term.within)}内"
    if term.before is not None:
        return f"事前{_length(term.before)}" if term.before.amount else "开始之前"
    return ""


def _length(limit: Limit) -> str:
    return f"{limit.amount}{UNITS[limit.unit]}"
