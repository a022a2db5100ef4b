"""Workbooks as people make them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

STUDY = "training.driver-study"
HEAD = ["标题", "发生时间", "学习内容", "时长（小时）", "组织人", "参加学习的驾驶员"]


def xlsx(*rows: Sequence[object]) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def study(number: int, *, day: str = "2026-11-03", who: str = "钱甬、孙甬") -> list[object]:
    return [f"第 {number} 次学习", day, "冬季行车", 2, "李甬", who]
