"""Files to be saved: a document whole; a list for Excel streamed, exactly the rows that the page shows."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextvars import copy_context
from datetime import date
from itertools import chain, islice
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from anze.records.acting.context import Acting, acting, current

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """`rows` is read while the file is sent, inside a transaction and a scope of its own.

    The first row is read at once: what is refused is answered by a page, not by a broken file.
    """
    following = iter(rows)
    whole = chain(list(islice(following, 1)), following)
    response = StreamingHttpResponse(
        _held(current(), _lines(head, whole)), content_type="text/csv; charset=utf-8"
    )
    filename = quote(f"{name}-{current().today:%Y%m%d}.csv")
    response["Content-Disposition"] = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{filename}"
    return response


def file_response(content: bytes, kind: str, name: str) -> HttpResponse:
    """A document to be saved, under its Chinese name."""
    response = HttpResponse(content, content_type=kind)
    ending = name.rpartition(".")[2]
    response["Content-Disposition"] = (
        f"attachment; filename=\"file.{ending}\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([cell_of(value) for value in row]))


def cell_of(value: object) -> str:
    """A text that a spreadsheet would run as a formula is quoted away."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return "'" + text if text.startswith(FORMULA) and isinstance(value, str) else text


def _held(scope: Acting, lines: Iterator[str]) -> Iterator[str]:
    """The request's transaction ends before the body is read; the scope must not leak between two chunks."""
    context = copy_context()

    def inside() -> Generator[str, None, None]:
        with acting(scope.actor, reads=scope.reads, writes=(), at=scope.at):
            yield from lines

    stream = inside()
    try:
        while True:
            line = context.run(_next, stream)
            if line is None:
                return
            yield line
    finally:
        context.run(stream.close)


def _next(stream: Iterator[str]) -> str | None:
    return next(stream, None)
