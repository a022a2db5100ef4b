"""The two links of one relation: how each stands, what has come of a frame, what waits to go out."""

from __future__ import annotations

from anze.wire.frame import Bad
from anze.wire.jt809.account import Account
from anze.wire.jt809.events import Link
from anze.wire.jt809.frame import FrameReader, wrap
from anze.wire.jt809.header import HIDDEN, Header, build
from anze.wire.jt809.kinds import instant_of
from anze.wire.jt809.messages import Vehicle, encode, links
from anze.wire.jt809.states import Line, State
from anze.wire.jt809.tables import Message


class NotLoggedInError(LookupError):
    """Neither link can carry a message now."""


class Pair:
    """Serials are of the relation, whichever link carries the message."""

    __slots__ = ("_account", "_out", "_readers", "_serial", "lines")

    def __init__(self, account: Account) -> None:
        self._account = account
        self.lines = {link: Line() for link in Link}
        self._readers = {link: FrameReader() for link in Link}
        self._out: dict[Link, list[bytes]] = {link: [] for link in Link}
        self._serial = -1

    @property
    def kept(self) -> int:
        """Bytes of the peer that wait for their frame's end."""
        return sum(reader.kept for reader in self._readers.values())

    def feed(self, link: Link, data: bytes) -> list[bytes | Bad]:
        return self._readers[link].feed(data)

    def take(self, link: Link) -> bytes:
        """All that waits."""
        data = b"".join(self._out[link])
        self._out[link].clear()
        return data

    def working(self) -> Link:
        """The main link, or the slave link without it. Raises NotLoggedInError."""
        for link in Link:
            if self.lines[link].state is State.WORKING:
                return link
        raise NotLoggedInError(self._account.platform)

    def deadlines(self) -> list[float | None]:
        """When each link is given up, and when the main link has to say something."""
        timing, main = self._account.timing, self.lines[Link.MAIN]
        dues = [line.deadline(timing) for line in self.lines.values()]
        return [*dues, main.said + timing.keep_alive if main.state is State.WORKING else None]

    def probe(self, now: float) -> int:
        """Ask for a sign of life on the main link; the how-manieth. Raises NotLoggedInError."""
        main = self.lines[Link.MAIN]
        if main.state is not State.WORKING:
            raise NotLoggedInError(self._account.platform)
        self.write(Link.MAIN, links.KeepAlive(), now)
        main.probes += 1
        return main.probes

    def close(self, link: Link) -> None:
        """Back to nothing: what waits to go out is lost with its connection."""
        line = self.lines[link]
        line.state, line.probes, line.echoes = State.CLOSED, 0, 0
        self._readers[link] = FrameReader()
        self._out[link].clear()

    def write(self, link: Link, message: Message, now: float, vehicle: Vehicle | None = None) -> int:
        """Queue the message; its serial."""
        version = self._account.version
        message_id, body = encode(message, version, vehicle)
        self._serial = (self._serial + 1) & 0xFFFF_FFFF
        header = Header(message_id, self._account.platform, self._serial, version, instant_of(int(now)))
        if cipher := self._account.cipher:
            header = header._replace(encrypted=HIDDEN, key=cipher.key)
            body = cipher.over(body, cipher.key)
        self._out[link].append(wrap(build(header, body)))
        self.lines[link].said = now
        return self._serial
