"""Rows that are kept for many tests."""

from __future__ import annotations

from anze.records.people.models import Holding
from tests.cast import STARTED, Cast
from tests.emptying import as_owner
from tests.kept import Kept


def test_sequences_go_on_after_rows_that_are_written_again(kept_cast: Kept[Cast], transactional_db: None):
    with as_owner() as owner:
        owner.execute("ALTER SEQUENCE people_holding_id_seq RESTART")

    cast = kept_cast.again()

    with cast.acts("safety_manager"):
        Holding.objects.create(
            company_id=cast.a.id, person_id=cast.a.monitor, position="coach.monitor", since=STARTED
        )
