"""Attachments: what is kept, what is refused in clear words, and that nothing of a refused file stays."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from anze.records.acting.errors import NotFound, NotPermitted
from anze.records.evidence import actions, files, queries
from anze.records.evidence.actions import AlreadySealed, InvalidAttachment
from anze.records.evidence.sealing import mark_sealed
from anze.records.journal import queries as journal
from tests.cast import Cast, meeting

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"x" * 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name in names:
            out.writestr(name, "x")
    return buffer.getvalue()


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 64


def utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


KEPT = {
    ("现场.jpg", "image/jpeg", "现场.jpg"): JPEG,
    ("图.png", "image/png", "图.png"): b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    ("图.webp", "image/webp", "图.webp"): b"RIFF\x00\x00\x00\x00WEBP" + b"\x00" * 64,
    ("IMG_1.HEIC", "image/heic", "IMG_1.heic"): box(b"heic"),
    ("录像.mp4", "video/mp4", "录像.mp4"): box(b"isom"),
    ("录像.MOV", "video/quicktime", "录像.mov"): box(b"qt  "),
    ("通知.pdf", "application/pdf", "通知.pdf"): PDF,
    ("纪要.docx", files.format_of.__globals__["DOCX"].media_type, "纪要.docx"): archive(
        "[Content_Types].xml", "word/document.xml"
    ),
    ("台账.xlsx", files.format_of.__globals__["XLSX"].media_type, "台账.xlsx"): archive(
        "[Content_Types].xml", "xl/workbook.xml"
    ),
    ("旧.doc", "application/msword", "旧.doc"): OLE + utf16("WordDocument"),
    ("旧.xls", "application/vnd.ms-excel", "旧.xls"): OLE + utf16("Workbook"),
    ("png当作.jpg", "image/png", "png当作.png"): b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
}
REFUSED = {
    ("程序.jpg", "可执行程序"): b"MZ\x90\x00" + b"\x00" * 64,
    ("库.png", "可执行程序"): b"\x7fELF" + b"\x00" * 64,
    ("脚本.pdf", "脚本"): b"#!/bin/sh\nrm -rf /",
    ("页面.png", "网页或矢量图代码"): b"  <!DOCTYPE html><html><script>alert(1)</script>",
    ("图标.png", "网页或矢量图代码"): b'<?xml version="1.0"?><svg onload="x"/>',
    ("图标.svg", "网页或矢量图代码"): b"\xef\xbb\xbf<svg></svg>",
    ("藏.jpg", "网页或矢量图代码"): b"GIF89a<script>",
    ("包.jpg", "压缩包"): archive("a.txt"),
    ("包.docx", "压缩包"): b"Rar!\x1a\x07\x00" + b"\x00" * 64,
    ("宏.docx", "带宏的文档"): archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    ("宏.xls", "带宏的文档"): OLE + utf16("Workbook") + utf16("_VBA_PROJECT"),
    ("安装.doc", "安装包或其他复合文档"): OLE,
    ("坏.docx", "损坏的压缩包"): b"PK\x03\x04" + b"\x00" * 64,
    ("乱.jpg", "不认识的格式"): b"\x01\x02\x03\x04" * 16,
    ("动.mp4", "不认识的格式"): box(b"xxxx"),
}


def draft(cast: Cast) -> int:
    with cast.acts("principal"):
        return actions.draft_record(draft=meeting(cast.a))


def attach(cast: Cast, record: int, name: str, content: bytes) -> queries.AttachmentRow:
    with cast.acts("principal"):
        attachment = actions.attach_file(record_id=record, name=name, chunks=[content])
        return queries.open_attachment(attachment)[0]


def stored(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case[0])
def test_photos_videos_and_papers_are_kept(cast: Cast, attachments: Path, case: tuple[str, str, str]) -> None:
    name, media_type, shown = case
    content = KEPT[case]
    row = attach(cast, draft(cast), name, content)
    assert (row.name, row.media_type, row.size) == (shown, media_type, len(content))
    digest = hashlib.sha256(content).hexdigest()
    assert row.sha256 == digest
    assert stored(attachments) == [attachments / digest[:2] / digest]
    assert (attachments / digest[:2] / digest).read_bytes() == content


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_disguised_files_are_refused_by_what_they_are(
    cast: Cast, attachments: Path, case: tuple[str, str]
) -> None:
    name, really = case
    record = draft(cast)
    with cast.acts("principal"):
        with pytest.raises(InvalidAttachment, match=f"“{name}”实际是{really}"):
            actions.attach_file(record_id=record, name=name, chunks=[REFUSED[case]])
        assert queries.record(record).attachments == ()
    assert stored(attachments) == []


def test_an_upload_of_200_mb_is_cut_off_while_it_streams(cast: Cast, attachments: Path) -> None:
    sent = 0

    def upload() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield JPEG.ljust(1024 * 1024, b"\x00")

    record = draft(cast)
    with cast.acts("principal"), pytest.raises(InvalidAttachment, match="超过 50 MB"):
        actions.attach_file(record_id=record, name="大.jpg", chunks=upload())
    assert sent == 51
    assert stored(attachments) == []


def test_a_broken_upload_leaves_nothing(cast: Cast, attachments: Path) -> None:
    def upload() -> Iterator[bytes]:
        yield JPEG
        raise ConnectionError("gone")

    record = draft(cast)
    with cast.acts("principal"), pytest.raises(ConnectionError):
        actions.attach_file(record_id=record, name="断.jpg", chunks=upload())
    assert stored(attachments) == []


def test_an_empty_file_is_refused(cast: Cast) -> None:
    record = draft(cast)
    with cast.acts("principal"), pytest.raises(InvalidAttachment, match="空文件"):
        actions.attach_file(record_id=record, name="空.jpg", chunks=[])


def test_the_same_file_twice_is_refused_politely(cast: Cast, attachments: Path) -> None:
    record = draft(cast)
    attach(cast, record, "一.jpg", JPEG)
    with cast.acts("principal"), pytest.raises(InvalidAttachment, match="已经附在"):
        actions.attach_file(record_id=record, name="二.jpg", chunks=[JPEG])
    attach(cast, draft(cast), "三.jpg", JPEG)
    assert len(stored(attachments)) == 1


def test_there_is_a_most_of_attachments(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ATTACHMENTS", 1)
    record = draft(cast)
    attach(cast, record, "一.jpg", JPEG)
    with cast.acts("principal"), pytest.raises(InvalidAttachment, match="最多附 1 个"):
        actions.attach_file(record_id=record, name="二.pdf", chunks=[PDF])


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\张三\\照片.JPG", "照片.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("line\nbreak\x00.jpg", "linebreak.jpg"),
        ('<b>"x"|*?.jpg', "bx.jpg"),
        ("", "附件.jpg"),
        (".jpg", "jpg.jpg"),
        ("...", "附件.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
        ("no extension", "no extension.jpg"),
    ],
)
def test_names_are_tidied(name: str, clean: str) -> None:
    assert files.tidy_name(name, ".jpg") == clean


def test_the_file_and_its_directory_are_synced_before_the_row(
    cast: Cast, attachments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    row = attach(cast, draft(cast), "现场.jpg", JPEG)
    assert synced[1:] == [row.sha256[:2], "attachments"]
    assert synced[0].startswith("tmp")


def test_files_change_on_drafts_only(cast: Cast) -> None:
    record = draft(cast)
    row = attach(cast, record, "现场.jpg", JPEG)
    with cast.acts("principal"):
        mark_sealed([record])
        with pytest.raises(AlreadySealed):
            actions.attach_file(record_id=record, name="二.pdf", chunks=[PDF])
        with pytest.raises(AlreadySealed):
            actions.detach_file(attachment_id=row.id)
        assert queries.record(record).attachments == (row,)


def test_a_detached_file_is_gone_from_the_draft(cast: Cast) -> None:
    record = draft(cast)
    row = attach(cast, record, "现场.jpg", JPEG)
    with cast.acts("principal"):
        actions.detach_file(attachment_id=row.id)
        assert queries.record(record).attachments == ()
        assert journal.entries(company_id=cast.a.id).rows[0].action == "evidence.detach"
        with pytest.raises(NotFound):
            actions.detach_file(attachment_id=row.id)


def test_another_companys_files_are_not_found(cast: Cast) -> None:
    record = draft(cast)
    row = attach(cast, record, "现场.jpg", JPEG)
    for member in ("other_principal", "stranger_officer"):
        with cast.acts(member), pytest.raises(NotFound):
            queries.open_attachment(row.id)
    with cast.acts("other_principal"):
        with pytest.raises(NotFound):
            actions.detach_file(attachment_id=row.id)
        with pytest.raises(NotFound):
            actions.attach_file(record_id=record, name="二.pdf", chunks=[PDF])
    with cast.acts("driver"), pytest.raises(NotFound):
        queries.open_attachment(row.id)
    with cast.acts("officer"), pytest.raises(NotPermitted):
        actions.attach_file(record_id=record, name="二.pdf", chunks=[PDF])


def test_a_lost_file_is_said_to_be_lost(cast: Cast, attachments: Path) -> None:
    row = attach(cast, draft(cast), "现场.jpg", JPEG)
    (attachments / row.sha256[:2] / row.sha256).unlink()
    with cast.acts("principal"), pytest.raises(NotFound, match="文件丢失"):
        queries.open_attachment(row.id)


def test_a_certificate_needs_its_scan(cast: Cast) -> None:
    certificate = meeting(
        cast.a,
        kind="certificate.competence",
        values={"number": "浙2026001", "issuer": "甬城市交通运输局", "expires": "2029-01-31"},
        parts=[actions.PartInput(cast.a.principal, "subject")],
    )
    with cast.acts("principal"):
        record = actions.draft_record(draft=certificate)
        with pytest.raises(actions.InvalidDraft) as refusal:
            mark_sealed([record])
        assert set(refusal.value.errors) == {"attachments"}
    attach(cast, record, "证.jpg", JPEG)
    with cast.acts("principal"):
        assert [m.number for m in mark_sealed([record])] == ["ZS-2026-0001"]
