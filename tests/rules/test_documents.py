"""Which version of a document is valid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anze.rules.documents import Version, VersionState, version_standings

SEALED = datetime(2026, 1, 5, tzinfo=UTC)
ON = date(2026, 6, 1)


def version(record: int, effective: date, code: str = "AQ-01", *, abolishes: bool = False) -> Version:
    return Version(record, code, effective, SEALED + timedelta(days=record), abolishes)


def states(*versions: Version, on: date = ON) -> dict[int, tuple[VersionState, int | None]]:
    return {key: (row.state, row.by) for key, row in version_standings(versions, on).items()}


def test_the_newest_that_has_begun_is_valid() -> None:
    found = states(
        version(3, date(2026, 7, 1)),
        version(1, date(2024, 1, 1)),
        version(2, date(2026, 6, 1)),
        version(4, date(2020, 1, 1), "AQ-02"),
    )
    assert found == {
        1: (VersionState.SUPERSEDED, 2),
        2: (VersionState.VALID, None),
        3: (VersionState.UPCOMING, None),
        4: (VersionState.VALID, None),
    }


def test_of_two_that_begin_together_the_later_sealed_is_valid() -> None:
    day = date(2026, 1, 1)
    assert states(version(2, day), version(1, day)) == {
        1: (VersionState.SUPERSEDED, 2),
        2: (VersionState.VALID, None),
    }


def test_an_abolished_document_has_no_valid_version_until_it_is_issued_anew() -> None:
    old, end = version(1, date(2024, 1, 1)), version(2, date(2026, 1, 1), abolishes=True)
    assert states(old, end) == {1: (VersionState.ABOLISHED, 2), 2: (VersionState.ABOLISHED, None)}
    assert states(old, end, on=date(2025, 12, 31))[1] == (VersionState.VALID, None)
    assert states(old, end, version(3, date(2026, 5, 1)))[3] == (VersionState.VALID, None)


DAYS = st.integers(0, 700).map(lambda days: date(2025, 1, 1) + timedelta(days=days))


@given(st.lists(st.tuples(DAYS, st.sampled_from("甲乙"), st.booleans()), max_size=6), DAYS)
def test_no_document_has_two_valid_versions(drawn: list[tuple[date, str, bool]], on: date) -> None:
    versions = [version(n, day, code, abolishes=end) for n, (day, code, end) in enumerate(drawn, start=1)]
    found = version_standings(versions, on)
    assert found.keys() == {v.record for v in versions}
    codes = [v.code for v in versions if found[v.record].state is VersionState.VALID]
    assert len(codes) == len(set(codes))
