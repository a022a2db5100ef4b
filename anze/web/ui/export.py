"""A list as a file for Excel: exactly the rows that the page's filters show, streamed."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextvars import copy_context
from datetime import date
from itertools import chain, islice
from urllib.parse import quote

from django.http import StreamingHttpResponse

from anze.records.acting.context import Acting, acting, current

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


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([_cell(value) for value in row]))


def _cell(value: object) -> str:
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
