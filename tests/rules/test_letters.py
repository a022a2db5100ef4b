"""The letters of a year as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from anze.rules.letters import Letter, LetterState, LetterTree, Node, letter_tree

DAY = datetime(2026, 1, 10, tzinfo=UTC)
BOSS, VICE, HEAD, DRIVER, CLERK = 1, 2, 3, 4, 5
PEOPLE = (BOSS, VICE, HEAD, DRIVER, CLERK)


def letter(
    record: int,
    signer: int,
    *subjects: int,
    asked: bool = True,
    confirmed: tuple[int, ...] = (),
    day: int = 10,
) -> Letter:
    by = frozenset(subjects) if asked else frozenset[int]()
    return Letter(record, DAY.replace(day=day), (signer,), subjects, by, frozenset(confirmed))


def drawn(tree: LetterTree) -> list[tuple[int, int, LetterState | None]]:
    def lines(node: Node, depth: int) -> Iterator[tuple[int, int, LetterState | None]]:
        yield depth, node.person, node.state
        for below in node.under:
            yield from lines(below, depth + 1)

    return [line for root in tree.roots for line in lines(root, 0)]


def test_from_the_principal_down() -> None:
    letters = [
        letter(11, BOSS, VICE, confirmed=(VICE,)),
        letter(12, VICE, HEAD),
        letter(13, HEAD, DRIVER, asked=False),
    ]
    tree = letter_tree(letters, PEOPLE, {BOSS})
    assert drawn(tree) == [
        (0, BOSS, None),
        (1, VICE, LetterState.SIGNED),
        (2, HEAD, LetterState.WAITING),
        (3, DRIVER, LetterState.FILED),
    ]
    assert tree.without == (CLERK,)
    assert tree.counts == dict.fromkeys(LetterState, 1)
    assert tree.roots[0].below == 3


def test_a_principal_stands_above_those_who_once_signed_with_them() -> None:
    once = letter(11, VICE, BOSS, HEAD)  # before BOSS was the principal
    own = letter(12, BOSS, VICE)
    tree = letter_tree([once, own], PEOPLE, {BOSS})
    assert drawn(tree) == [
        (0, BOSS, LetterState.WAITING),
        (1, VICE, LetterState.WAITING),
        (2, HEAD, LetterState.WAITING),
    ]


def test_the_most_particular_letter_says_under_whom() -> None:
    everybody = letter(12, BOSS, VICE, HEAD, DRIVER, CLERK, day=20)
    own = letter(11, VICE, HEAD, confirmed=(HEAD,), day=5)
    tree = letter_tree([everybody, own], PEOPLE, {BOSS})
    head = next(node for node in tree.roots[0].under if node.person == VICE).under[0]
    assert (head.person, head.letters, head.state) == (HEAD, (11, 12), LetterState.WAITING)


def test_of_two_alike_the_newer_speaks() -> None:
    tree = letter_tree([letter(11, BOSS, HEAD, day=5), letter(12, VICE, HEAD, day=6)], PEOPLE)
    assert drawn(tree) == [(0, VICE, None), (1, HEAD, LetterState.WAITING)]


def test_nobody_signs_with_themselves() -> None:
    tree = letter_tree([letter(11, HEAD, HEAD)], PEOPLE)
    assert drawn(tree) == [(0, HEAD, LetterState.WAITING)]


def test_a_ring_has_a_top() -> None:
    letters = [letter(11, VICE, HEAD), letter(12, HEAD, VICE), letter(13, HEAD, DRIVER)]
    assert [line[:2] for line in drawn(letter_tree(letters, PEOPLE))] == [(0, VICE), (1, HEAD), (2, DRIVER)]
    below = [letter(11, VICE, HEAD), letter(12, HEAD, VICE), letter(13, HEAD, DRIVER)]
    first = letter_tree(below, (DRIVER, HEAD, VICE))
    assert [line[:2] for line in drawn(first)] == [(0, HEAD), (1, DRIVER), (1, VICE)]


def test_no_letters() -> None:
    tree = letter_tree([], PEOPLE, {BOSS})
    assert tree.roots == ()
    assert tree.without == (VICE, HEAD, DRIVER, CLERK)
    assert tree.counts[LetterState.MISSING] == 4


letters = st.lists(
    st.builds(
        letter,
        st.integers(1, 99),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        st.sampled_from(PEOPLE),
        day=st.integers(1, 28),
    ),
    max_size=8,
    unique_by=lambda x: x.record,
)


@given(letters)
def test_everybody_with_a_part_stands_in_it_once(given_letters: list[Letter]) -> None:
    tree = letter_tree(given_letters, PEOPLE, {BOSS})
    people = [person for _, person, _ in drawn(tree)]
    assert len(people) == len(set(people))
    assert {s for x in given_letters for s in x.subjects} <= set(people)
    assert sum(tree.counts.values()) == len(PEOPLE) - 1
