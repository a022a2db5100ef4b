"""The pages inside a pack, to be opened without a server: index and records; and the facts beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from anze.records.evidence.queries import RecordDetail
from anze.records.packs.actions import Pack
from anze.records.packs.queries import Key, PackedRecord
from anze.records.tenants.queries import CompanyRow
from anze.rules.periods import ONE_DAY
from anze.web.packs.chapters import Chapter, Section
from anze.web.packs.words import gap_in_words, gaps_of, link_of, note_of, records_of, standing_of
from anze.web.records.sheet import sheet_of

Marked = tuple[tuple[Key, str, str], bool]  # whether it was back-filled

README = """迎检资料包核验说明

目录.html        用浏览器打开：按岗位、清单条目（或考评条目）列出记录，列明未证明的责任和缺少的资料
目录.csv         同一目录，可用 Excel 打开
记录/            每条记录一个文件夹：记录.html（可打印）、事实.json、附件
资料包.json      本资料包的清单，以及操作日志中记下它的那一条
SHA256SUMS       全部文件的摘要

核验方法（任选，无需联网，无需本系统）：
1. 在本文件夹中运行  sha256sum -c SHA256SUMS   ：逐个文件核对有无改动。
2. 在本文件夹中运行  python verify.py          ：另外重算每条记录封存时的摘要，核对附件、清单和操作日志条目。
   需要 Python 3.8 或更高版本。
最后一行所示的操作日志摘要，可与监管部门处每日公布的链头核对。
"""


def index(pack: Pack, problems: Sequence[str], chapters: Sequence[Chapter] = ()) -> str:
    outline = pack.outline
    keys = {key.id: key for key in outline.records}
    posts = [
        {
            "post": post,
            "gaps": [(number, text, gap_in_words(gap), gap.reason) for number, text, gap in gaps_of(post)],
            "lines": [
                (line, [(d, standing_of(d), [_entry(k) for k in records_of(d, keys)]) for d in line.demands])
                for line in post.lines
            ],
        }
        for post in outline.posts
    ]
    kinds: dict[str, list[tuple[Key, str, str]]] = {}
    for key in outline.records:
        kinds.setdefault(key.kind_name, []).append(_entry(key))
    words = {
        "pack": pack,
        "outline": outline,
        "last_day": outline.choice.until - ONE_DAY,
        "posts": posts,
        "chapters": [(chapter, _sections(chapter, keys)) for chapter in chapters],
        "kinds": kinds,
        "problems": problems,
        "entry": pack.seal["entry"],
        "at": pack.seal["at"][:10],
    }
    return render_to_string("packs/contents.html", words)


def _sections(chapter: Chapter, keys: Mapping[int, Key]) -> list[tuple[Section, list[Marked]]]:
    return [
        (section, [(_entry(keys[i]), i in section.late) for i in section.records if i in keys])
        for section in chapter.sections
    ]


def _entry(key: Key) -> tuple[Key, str, str]:
    return key, link_of(key), note_of(key)


def record(detail: RecordDetail, company: CompanyRow, files: Sequence[str]) -> dict[str, Any]:
    return {"sheet": sheet_of(detail, company), "detail": detail, "files": files}


def facts(record: PackedRecord) -> dict[str, Any]:
    """`content`: what the digest covers, to the letter; the rest explains it."""
    detail = record.detail
    names = {f"person:{part.person_id}": part.person_name for part in detail.parts}
    names |= {f"{subject.type}:{subject.id}": subject.name for subject in detail.subjects}
    return {
        "content": record.content,
        "digest": detail.digest,
        "kind_name": detail.kind_name,
        "status": detail.status,
        "void_reason": detail.void_reason,
        "names": names,
        "fields": {row.id: [row.label, row.display] for row in detail.fields},
    }
