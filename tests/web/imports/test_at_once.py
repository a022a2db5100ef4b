"""Two browsers commit the same sheet in the same moment: it is imported once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.test import Client

from anze.records.evidence import queries as records
from anze.records.imports import queries as imports
from tests.cast import Cast, committed_cast
from tests.records.imports.books import HEAD, STUDY, study, xlsx
from tests.web.imports.test_pages import upload

__all__ = ["committed_cast"]


def signed_in(cast: Cast, member: str) -> Client:
    client = Client()
    client.force_login(cast.account(member), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at_once(*acts: Callable[[], None]) -> None:
    ready = Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        ready.wait()
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def committed(cast: Cast, *previews: str) -> list[dict[str, int]]:
    """Commits each in a browser of its own; how the rows of each ended."""
    members = ("safety_manager", "principal")
    clients = [signed_in(cast, members[n % 2]) for n in range(len(previews))]

    def act(client: Client, preview: str) -> Callable[[], None]:
        def post() -> None:
            assert client.post(f"{preview}commit/").status_code == 302

        return post

    at_once(*(act(client, preview) for client, preview in zip(clients, previews, strict=True)))
    with cast.acts("safety_manager"):
        return [imports.an_import(int(preview.split("/")[2])).counts for preview in previews]


def test_one_import_committed_by_two_is_made_once(committed_cast: Cast) -> None:
    preview = upload(signed_in(committed_cast, "safety_manager"), xlsx(HEAD, study(1), study(2)))
    assert committed(committed_cast, preview, preview) == [{"made": 2}] * 2
    with committed_cast.acts("safety_manager"):
        assert records.records(kind=STUDY).total == 2
        assert imports.imports().rows[0].made == 2


def test_one_sheet_uploaded_by_two_is_made_once(committed_cast: Cast) -> None:
    previews = [
        upload(signed_in(committed_cast, member), xlsx(HEAD, study(1), study(2)))
        for member in ("safety_manager", "principal")
    ]
    ends = committed(committed_cast, *previews)
    assert sorted(map(str, ends)) == ["{'known': 2}", "{'made': 2}"]
    with committed_cast.acts("safety_manager"):
        assert records.records(kind=STUDY).total == 2
