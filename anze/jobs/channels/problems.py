"""What keeps a message from being taken, in words that a page can show."""

from __future__ import annotations


class NotSent(Exception):  # noqa: N818 -- what happened, said plainly
    """The text holds no address, no secret and nothing that the other side wrote.

    `for_good`: trying again would change nothing.
    """

    def __init__(self, text: str, *, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good
