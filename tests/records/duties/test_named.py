"""Whoever may see a duty may read the record that opened it and those that prove it, and no other."""

from __future__ import annotations

import pytest

from anze.records.acting.errors import NotFound
from anze.records.duties import actions, deciding, named
from anze.records.duties.models import Obligation
from anze.records.evidence import actions as evidence
from tests.cast import Cast, meeting

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def sealed(cast: Cast) -> tuple[int, int]:
    """A record that the driver has no part in, and its file."""
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        record = evidence.draft_record(draft=meeting(cast.a))
        attachment = evidence.attach_file(record_id=record, name="纪要.pdf", chunks=[PDF])
        actions.seal_records(record_ids=[record])
    return record, attachment


def name_it(cast: Cast, member: str, **what: object) -> None:
    """A duty about the driver, or one of the principal's post, names the record."""
    with cast.acts("safety_manager"):
        rows = Obligation.objects.filter(subject_type="driver", subject=cast.a.drivers[0])
        if member == "principal":
            rows = Obligation.objects.filter(position="coach.principal", subject=None)
        row = rows.earliest("pk")
        Obligation.objects.filter(pk=row.pk).update(**what)


@pytest.mark.parametrize("as_event", [True, False])
def test_it_is_read_by_whom_a_duty_names_it_to(cast: Cast, sealed: tuple[int, int], as_event: bool) -> None:
    record, attachment = sealed
    with cast.acts("driver"), pytest.raises(NotFound):
        named.record(record)
    name_it(cast, "driver", **({"event": record} if as_event else {"facts": [record]}))
    with cast.acts("driver"):
        assert named.record(record).id == record
        assert named.open_attachment(record, attachment)[0].id == attachment


def test_a_duty_of_somebody_else_shows_nothing(cast: Cast, sealed: tuple[int, int]) -> None:
    record, attachment = sealed
    name_it(cast, "principal", facts=[record])
    for member in ("driver", "other_principal", "stranger_officer"):
        with cast.acts(member):
            with pytest.raises(NotFound):
                named.record(record)
            with pytest.raises(NotFound):
                named.open_attachment(record, attachment)


def test_a_draft_stays_with_its_author_whatever_names_it(cast: Cast) -> None:
    with cast.acts("safety_manager"):
        deciding.redecide(company_id=cast.a.id)
        draft = evidence.draft_record(draft=meeting(cast.a))
    name_it(cast, "driver", facts=[draft])
    with cast.acts("driver"), pytest.raises(NotFound):
        named.record(draft)


def test_a_file_belongs_to_its_record(cast: Cast, sealed: tuple[int, int]) -> None:
    record, attachment = sealed
    with cast.acts("safety_manager"):
        other = evidence.draft_record(draft=meeting(cast.a))
        with pytest.raises(NotFound):
            named.open_attachment(other, attachment)
        assert named.open_attachment(record, attachment)[0].record_id == record
