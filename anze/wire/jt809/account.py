"""What the upper platform has agreed with this one: who logs in, in which version, how long to wait.

The standard's own numbers were not found; the defaults of `Timing` are what peers use, and are the owner's
to set as agreed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from anze.wire.header import Version
from anze.wire.jt809.cipher import Cipher
from anze.wire.jt809.messages.links import Login, Logout
from anze.wire.tables import write_table


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    keep_alive: float = 60.0
    silence: float = 180.0
    login: float = 30.0
    first_retry: float = 10.0
    longest_retry: float = 600.0
    # For roll-calls of 2011, which name no limit of their own.
    roll_call: float = 600.0

    def retry(self, failures: int) -> float:
        """How long to wait after that many failures in a row: twice as long each time."""
        return min(self.first_retry * 2.0 ** min(failures - 1, 30), self.longest_retry)


@dataclass(frozen=True, slots=True)
class Account:
    """`platform` is the access code (接入码); the slave link is to come in at `address` and `port`.

    Raises UnencodableError.
    """

    platform: int
    user: int
    password: str = field(repr=False)
    address: str
    port: int
    version: Version
    timing: Timing = Timing()
    cipher: Cipher | None = field(default=None, repr=False)  # None: nothing is hidden

    def __post_init__(self) -> None:
        """What does not fit the log-in is refused here, by the field's name."""
        write_table(self.login(), self.version)
        if self.cipher is not None:
            self.cipher.check()

    def login(self) -> Login:
        return Login(
            user=self.user,
            password=self.password,
            platform=self.platform,
            address=self.address,
            port=self.port,
        )

    def logout(self) -> Logout:
        return Logout(user=self.user, password=self.password)
