"""Samples that anybody can draw again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anze.rules.samples import Sample, SampleError, band_of, digest_of, draw, drawn_again, size, substitute
from tests.rules.assessment.worlds import taxi

VEHICLES, PEOPLE = taxi().samples["vehicles"], taxi().samples["people"]
POPULATIONS = st.sets(st.integers(1, 10**6), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("population", "wanted"),
    [
        (1, 1), (10, 10), (11, 10), (100, 10), (101, 6), (500, 25), (501, 50), (1000, 50), (1001, 51),
        (5000, 250),
    ],
)  # fmt: skip
def test_the_ladder_as_printed(population: int, wanted: int) -> None:
    assert size(VEHICLES, population) == wanted


@pytest.mark.parametrize(("population", "wanted"), [(100, 10), (101, 11), (500, 50), (501, 50)])
def test_the_doubtful_step_as_it_probably_was(population: int, wanted: int) -> None:
    assert size(VEHICLES, population, as_printed=False) == wanted
    assert (band_of(VEHICLES, 101).repair is None, band_of(VEHICLES, 100).repair) == (False, None)


def test_at_least_ten_percent_of_the_people() -> None:
    assert [size(PEOPLE, number) for number in (1, 10, 11, 95)] == [1, 1, 2, 10]


@given(st.integers(1, 20_000))
def test_no_ladder_asks_for_more_than_there_are(population: int) -> None:
    for rule in (VEHICLES, PEOPLE):
        assert 1 <= size(rule, population) <= size(rule, population, as_printed=False) <= population


def test_a_drawn_list_is_for_ever() -> None:
    """Known from outside: sorted by sha256("seed\\ndigest\\nmember")."""
    sample = draw(range(1, 21), 5, "2025-12-31 甲")
    assert sample.digest == "7747a514fec0c8bbe73acdb5ef9e4ca3a6b9d2be346c2b97de3d0560fa2a415f"
    assert sample.members == (9, 10, 12, 2, 14)


@given(POPULATIONS, st.text(min_size=1, max_size=9), st.data())
def test_whoever_has_snapshot_and_seed_draws_the_same(population: set[int], seed: str, data) -> None:
    wanted = data.draw(st.integers(1, len(population)))
    shuffled = data.draw(st.permutations(sorted(population)))
    sample = draw(shuffled, wanted, seed)
    assert sample == draw(sorted(population), wanted, seed)
    assert len(set(sample.members)) == wanted
    assert set(sample.members) <= population
    assert drawn_again(sample, population)
    assert not drawn_again(sample, population | {0})


@given(POPULATIONS.filter(lambda p: len(p) > 2))
def test_a_replaced_member_never_comes_back(population: set[int]) -> None:
    sample = draw(population, 1, "s")
    first = sample.members[0]
    once = substitute(sample, population, first, "停运")
    twice = substitute(once, population, once.members[0], " 请假 ")
    assert len({first, *once.members, *twice.members}) == 3
    assert [(one.out, one.reason) for one in twice.replaced] == [(first, "停运"), (once.members[0], "请假")]
    assert drawn_again(twice, population)
    assert not drawn_again(replace(twice, members=(first,)), population)


SAMPLE = draw({1, 2, 3}, 2, "s")
SPARE = next(iter({1, 2, 3} - set(SAMPLE.members)))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: draw([1, 1], 1, "s"), "有重复"),
        (lambda: draw({1, 2}, 3, "s"), "名单共 2 个，抽不出 3 个"),
        (lambda: draw({1, 2}, 0, "s"), "至少为 1"),
        (lambda: draw({1, 2}, 1, ""), "种子"),
        (lambda: substitute(SAMPLE, {1, 2, 3}, SPARE, "停运"), "不在样本中"),
        (lambda: substitute(SAMPLE, {1, 2, 3}, SAMPLE.members[0], " "), "原因"),
        (lambda: substitute(SAMPLE, {1, 2, 3, 4}, SAMPLE.members[0], "停运"), "抽样时的不同"),
        (lambda: substitute(draw({1}, 1, "s"), {1}, 1, "停运"), "已经抽完"),
    ],
)
def test_refused(attempt, words: str) -> None:
    with pytest.raises(SampleError, match=words):
        attempt()


def test_a_sample_that_cannot_be_drawn_is_not_drawn_again() -> None:
    digest = digest_of({1, 2, 3})
    assert not drawn_again(Sample(digest, 3, "s", ()), {1, 2, 3})
    assert not drawn_again(Sample(digest, 3, "s", (1, 2, 3, 4)), {1, 2, 3})
    gone = replace(substitute(SAMPLE, {1, 2, 3}, SAMPLE.members[0], "停运"), members=(9, 9))
    assert not drawn_again(replace(gone, seed="t"), {1, 2, 3})
