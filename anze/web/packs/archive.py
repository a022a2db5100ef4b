"""The pack as a ZIP file that comes into being while it is sent: never on disk, never whole in memory.

Rule 1: a transaction is open only while records are read, never while bytes wait to be sent.
Rule 2: the digests are those of the bytes sent; what is missing or damaged is named in the index.
Files that came compressed are stored as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from anze.records.acting.context import Acting, acting
from anze.records.packs import verify
from anze.records.packs.actions import Pack
from anze.records.packs.queries import PackedFile, PackedRecord, packed
from anze.records.tenants.queries import CompanyRow
from anze.web.packs import pages
from anze.web.packs.chapters import Chapter
from anze.web.packs.words import RECORDS, name_of, table_of

AT_ONCE = 20  # records read in one transaction
CHUNK = 1 << 18
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """One record as it goes into the pack."""

    number: str
    page: str
    facts: str
    files: tuple[tuple[str, PackedFile], ...]  # by their names in the pack


@dataclass(slots=True)
class _Writer:
    """Adds one file after the other below the pack's folder and keeps their digests."""

    folder: str
    stream: ZipStream = field(default_factory=lambda: ZipStream(compress_type=ZIP_DEFLATED))
    sums: list[str] = field(default_factory=list)

    def text(self, name: str, text: str) -> Iterator[bytes]:
        yield from self.add(name, [text.encode()], compress=ZIP_DEFLATED)

    def add(self, name: str, chunks: Iterable[bytes], *, compress: int) -> Iterator[bytes]:
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for chunk in chunks:
                digest.update(chunk)
                yield chunk

        self.stream.add(hashed(), f"{self.folder}/{name}", compress_type=compress)
        yield from self.stream.file()
        self.sums.append(f"{digest.hexdigest()}  {name}\n")

    def last_digest(self) -> str:
        return self.sums[-1][:64]


def archive(pack: Pack, scope: Acting, chapters: Sequence[Chapter] = ()) -> Iterator[bytes]:
    """`scope`: of the request that took it. `chapters`: with which its index begins."""
    writer, problems = _Writer(name_of(pack.outline)), list[str]()
    source = Path(verify.__file__).read_text("utf-8")
    yield from writer.text("核验说明.txt", pages.README)
    ids = [key.id for key in pack.outline.records]
    for start in range(0, len(ids), AT_ONCE):
        for piece in _pieces(ids[start : start + AT_ONCE], pack.outline.company, scope):
            yield from _piece(writer, piece, problems)
    yield from writer.text("目录.html", pages.index(pack, problems, chapters))
    yield from writer.text("目录.csv", table_of(pack.outline))
    yield from writer.text(verify.SEAL, json.dumps(pack.seal, ensure_ascii=False, indent=1, sort_keys=True))
    yield from writer.text("verify.py", source)
    yield from writer.text(verify.SUMS, "".join(writer.sums))
    yield from writer.stream.finalize()


def answer(pack: Pack, scope: Acting, chapters: Sequence[Chapter] = ()) -> StreamingHttpResponse:
    """The pack as a file to keep, under its Chinese name."""
    response = StreamingHttpResponse(archive(pack, scope, chapters), content_type="application/zip")
    name = quote(f"{name_of(pack.outline)}.zip")
    response["Content-Disposition"] = f"attachment; filename=\"pack.zip\"; filename*=UTF-8''{name}"
    return response


def _pieces(ids: list[int], company: CompanyRow, scope: Acting) -> list[Piece]:
    with acting(scope.actor, reads=(company.id,), writes=(), at=scope.at):
        return [_piece_of(record, company) for record in packed(ids)]


def _piece_of(record: PackedRecord, company: CompanyRow) -> Piece:
    named = tuple(
        (f"附件/{place:02d}-{_short(file.name)}", file) for place, file in enumerate(record.files, start=1)
    )
    page = render_to_string("packs/record.html", pages.record(record.detail, company, [n for n, _ in named]))
    facts = json.dumps(pages.facts(record), ensure_ascii=False, indent=1, sort_keys=True)
    return Piece(record.detail.number or "", page, facts, named)


def _short(name: str) -> str:
    """Windows counts the whole path."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:LONGEST_NAME].strip(' .')}{dot}{ending}" if dot else ending[:LONGEST_NAME]


def _piece(writer: _Writer, piece: Piece, problems: list[str]) -> Iterator[bytes]:
    folder = f"{RECORDS}/{piece.number}"
    yield from writer.text(f"{folder}/记录.html", piece.page)
    yield from writer.text(f"{folder}/{verify.FACTS}", piece.facts)
    for name, file in piece.files:
        if not file.path.is_file():
            problems.append(f"{piece.number}：附件“{file.name}”的文件已丢失，未能收入。")
            continue
        yield from writer.add(f"{folder}/{name}", _chunks(file.path), compress=ZIP_STORED)
        if writer.last_digest() != file.sha256:
            problems.append(f"{piece.number}：附件“{file.name}”与封存时不同。")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
