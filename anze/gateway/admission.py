"""How much one address may bring: connections at once, new ones a second, frames a second.

Rule 1: an address beyond its connections or arrivals is refused at the door, before anything is kept for it.
        Who was refused has cost the address nothing: a fleet that knocks again and again gets in at the rate.
Rule 2: frames beyond the rate are not lost: the link is read from again when the bucket has filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anze.gateway.settings import Settings

ROOM = 2.0  # seconds of the rate that may come at once
FORGET_AFTER = 120.0


@dataclass(slots=True)
class Bucket:
    """Fills at `rate` a second up to ROOM seconds' worth; may go into debt, never refuses what has come."""

    rate: float
    level: float
    at: float

    def take(self, amount: float, now: float) -> float:
        """Seconds until the debt, if any, is paid."""
        level, full = self.level + (now - self.at) * self.rate, self.rate * ROOM
        self.level = level = (full if level > full else level) - amount  # asked for with every segment
        self.at = now
        return 0.0 if level >= 0 else -level / self.rate

    def spend(self, amount: float, now: float) -> bool:
        """Take what is there, or nothing."""
        if self.take(amount, now) <= 0:
            return True
        self.level += amount
        return False


@dataclass(slots=True)
class Address:
    arrivals: Bucket
    frames: Bucket
    links: int = 0
    heard: float = 0.0


@dataclass(slots=True)
class Admission:
    """By address; forgets who has gone."""

    settings: Settings
    links: int = 0
    _addresses: dict[str, Address] = field(default_factory=dict)

    def enter(self, address: str, now: float) -> Address | None:
        """None: refused. Who enters has to `leave`."""
        if self.links >= self.settings.most_links:
            return None
        known = self._addresses.get(address)
        if known is None:
            known = self._addresses[address] = self._address(now)
        known.heard = now
        if known.links >= self.settings.links_an_address or not known.arrivals.spend(1, now):
            return None
        known.links += 1
        self.links += 1
        return known

    def leave(self, address: Address, now: float) -> None:
        address.links -= 1
        address.heard = now
        self.links -= 1

    def forget(self, now: float) -> None:
        """Drop addresses without links from which nobody came lately."""
        gone = [
            name
            for name, known in self._addresses.items()
            if not known.links and now - known.heard > FORGET_AFTER
        ]
        for name in gone:
            del self._addresses[name]

    def _address(self, now: float) -> Address:
        arrivals, frames = self.settings.arrivals_a_second, self.settings.frames_a_second
        return Address(Bucket(arrivals, arrivals * ROOM, now), Bucket(frames, frames * ROOM, now))
