"""What kind of file is this? Decided by its bytes, never by its name.

Rule 1: only pictures, videos of phones, PDF and office papers are kept; what a browser could run is not.
Rule 2: an office paper with macros is refused.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

HEAD = 4096
ACCEPTED = "照片（jpg、png、webp、heic）、PDF、Word、Excel 和手机视频（mp4、mov）"


@dataclass(frozen=True, slots=True)
class Format:
    media_type: str
    extension: str


JPEG = Format("image/jpeg", ".jpg")
PNG = Format("image/png", ".png")
WEBP = Format("image/webp", ".webp")
HEIC = Format("image/heic", ".heic")
PDF = Format("application/pdf", ".pdf")
MP4 = Format("video/mp4", ".mp4")
MOV = Format("video/quicktime", ".mov")
DOCX = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
XLSX = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
DOC = Format("application/msword", ".doc")
XLS = Format("application/vnd.ms-excel", ".xls")

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"3gp4",
    b"3gp5",
    b"dash",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DANGERS = (
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"#!", "脚本"),
    (b"\xca\xfe\xba\xbe", "可执行程序"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<body", b"<?php")


def format_of(path: Path) -> Format | str:
    """The format of a stored file, or what it is instead, in Chinese."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return _picture(head) or _container(head) or _paper(head, path) or _instead(head)


def _picture(head: bytes) -> Format | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return None


def _container(head: bytes) -> Format | None:
    """ISO media: the brand tells a phone's photo from its video."""
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in _HEIC_BRANDS:
        return HEIC
    if brand in _MP4_BRANDS:
        return MP4
    return MOV if brand == b"qt  " else None


def _paper(head: bytes, path: Path) -> Format | str | None:
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if head.startswith(_OLE):
        return _old_office(path)
    return None


def _office(path: Path) -> Format | str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return "损坏的压缩包"
    if any(name.endswith("vbaProject.bin") for name in names):
        return "带宏的文档"
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return DOCX
        if "xl/workbook.xml" in names:
            return XLSX
    return "压缩包"


def _old_office(path: Path) -> Format | str:
    """The directory of the compound file names its main stream in UTF-16."""
    content = path.read_bytes()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return "带宏的文档"
    if "WordDocument".encode("utf-16-le") in content:
        return DOC
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return XLS
    return "安装包或其他复合文档"


def _instead(head: bytes) -> str:
    for magic, name in _DANGERS:
        if head.startswith(magic):
            return name
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP) or b"<script" in head.lower() or b"<svg" in head.lower():
        return "网页或矢量图代码"
    return "不认识的格式"
