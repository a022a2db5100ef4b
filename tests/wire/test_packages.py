from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anze.wire.header import Header, Version
from anze.wire.packages import (
    ATTEMPTS,
    MOST_BYTES,
    MOST_MESSAGES,
    MOST_WANTED,
    WAIT,
    GivenUp,
    Packages,
    Wanted,
    Whole,
)


def part(n: int, total: int = 3, *, first: int = 10, terminal: str = "1", message_id: int = 0x0801) -> Header:
    serial = (first + n - 1) & 0xFFFF
    return Header(message_id, terminal, serial, Version.V2013, total=total, part=n)


@given(st.permutations(range(1, 8)), st.integers(0, 0xFFFF))
def test_parts_in_any_order_and_repeated_make_the_whole(order: list[int], first: int) -> None:
    packages = Packages()
    done = []
    for n in [order[0], *order]:
        whole, given_up = packages.add(part(n, 7, first=first), bytes((n,)), 0.0)
        assert given_up == []
        done += [whole] if whole else []
    assert done == [
        Whole(
            part(1, 7, first=first)._replace(total=0, part=0),
            bytes(range(1, 8)),
            tuple((first + n) & 0xFFFF for n in range(7)),
        )
    ]
    assert packages.kept == 0


def test_two_messages_of_one_terminal_and_two_terminals_keep_apart() -> None:
    packages = Packages()
    for header in (part(1, 2), part(1, 2, first=90), part(1, 2, terminal="2"), part(1, 2, message_id=0x0700)):
        assert packages.add(header, b"a", 0.0) == (None, [])
    whole, _ = packages.add(part(2, 2, first=90), b"b", 0.0)
    assert whole is not None
    assert (whole.header.serial, whole.body) == (90, b"ab")


def test_missing_parts_are_asked_for_and_come_under_new_serials() -> None:
    packages = Packages()
    assert packages.timer is None
    packages.add(part(1), b"a", 100.0)
    assert packages.timer == 100.0 + WAIT
    assert packages.overdue(100.0 + WAIT - 0.1) == []
    assert packages.overdue(100.0 + WAIT) == [Wanted(part(1), (2, 3))]
    assert packages.timer == 100.0 + 2 * WAIT
    assert packages.add(part(3, first=500), b"c", 106.0) == (None, [])
    whole, _ = packages.add(part(2, first=700), b"b", 107.0)
    assert whole is not None
    assert whole.body == b"abc"
    assert packages.timer is None


def test_what_never_completes_is_given_up() -> None:
    packages = Packages()
    packages.add(part(2), b"b", 0.0)
    answers = [packages.overdue(WAIT * n) for n in range(1, ATTEMPTS + 2)]
    assert answers == [[Wanted(part(1), (1, 3))]] * ATTEMPTS + [[GivenUp(part(1), (1, 3))]]
    assert packages.timer is None


def test_a_request_names_no_more_parts_than_fit() -> None:
    packages = Packages()
    packages.add(part(1, 60_000), b"a", 0.0)
    (wanted,) = packages.overdue(WAIT)
    assert wanted.missing == tuple(range(2, 2 + MOST_WANTED))


def test_too_many_messages_cost_the_oldest() -> None:
    packages = Packages()
    dropped = [
        each
        for n in range(MOST_MESSAGES + 3)
        for each in packages.add(part(1, first=n * 100), b"a", float(n))[1]
    ]
    assert [each.header.serial for each in dropped] == [0, 100, 200]
    assert dropped[0].missing == (2, 3)


def test_too_many_bytes_cost_the_message_itself() -> None:
    packages = Packages()
    given_up: list[GivenUp] = []
    n = 0
    while not given_up:
        n += 1
        _, given_up = packages.add(part(n, 60_000), bytes(1000), 0.0)
        assert packages.kept <= MOST_BYTES
    assert n < 4000
    assert packages.kept == 0
