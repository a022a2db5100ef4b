"""Two hands on one promise: it is given once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from anze.records.journal import queries as journal
from anze.records.signatures.actions import AlreadySigned, sign_list
from anze.records.signatures.lists import list_in_force
from anze.records.signatures.models import Signature
from tests.cast import Cast


def test_a_list_signed_twice_at_once_is_signed_once(committed_cast: Cast) -> None:
    cast, ready, shown = committed_cast, Barrier(2), list_in_force("coach.principal")

    def sign(_: int) -> bool:
        try:
            with cast.acts("principal"):
                ready.wait()
                sign_list(position=shown.position, edition=shown.edition, digest=shown.digest)
                return True
        except AlreadySigned:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, range(2))) == [False, True]
    with cast.acts("principal"):
        assert Signature.objects.count() == 1
        assert journal.verify(company_id=cast.a.id) == []
