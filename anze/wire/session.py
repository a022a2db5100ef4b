"""One connection: bytes and instants in, events and bytes out.

Rule 1: what a terminal may say follows from its state (states.py); the rest is refused, with an answer.
Rule 2: state belongs to a terminal, found by the number in each header, not to the connection: many may share
        one, and a number that has not authenticated here is nobody.
Rule 3: the newest connection wins: told `Authenticating`, the owner calls `displace` on the session before.
Rule 4: only `acknowledge` says that something arrived; it is for the owner to have it durable first.
Rule 5: nothing that arrives raises; what is kept of it is bounded.

The owner does: `receive_bytes(data, now)` → events; `acknowledge(event)` and `reply(event, message)` → bytes;
`command(terminal, message, now)` → serial; `displace(terminal)`; after each, `bytes_to_send()`;
and at `timer()` it calls `handle_timer(now)` → events. Instants are seconds of one steady clock.

JT/T 808-2013 §4.5 and §5; answers: §8.2, §8.6. docs/algorithms/wire.md has the guarantees.
"""

from __future__ import annotations

from collections.abc import Iterable

from anze.wire.answers import answer_to
from anze.wire.commands import MOST_COMMANDS, Commands
from anze.wire.errors import MalformedError, NotHereError, Reason, TooManyCommandsError
from anze.wire.events import (
    Authenticating,
    Awaiting,
    Event,
    Garbled,
    HeartbeatReceived,
    LoggedOut,
    MessageReceived,
    PartsMissing,
    PositionReported,
    PositionsReported,
    Refusal,
    Refused,
    Registering,
    RegistrationResult,
    Result,
    Unasked,
    Undecodable,
    Unknown,
)
from anze.wire.frame import Bad, FrameReader
from anze.wire.header import Header, Version, parse
from anze.wire.messages import decode
from anze.wire.messages.general import (
    Heartbeat,
    PartsWanted,
    PartsWantedByTerminal,
    TerminalAck,
)
from anze.wire.messages.location import Locations
from anze.wire.messages.registration import Authentication, LogOut, Registration, registered_version
from anze.wire.outgoing import Outgoing
from anze.wire.packages import Packages, Wanted
from anze.wire.position import SIZE
from anze.wire.states import ALLOWED, REGISTER, State, Terminal, refusal_of
from anze.wire.tables import Message

LOCATION, LOCATIONS = 0x0200, 0x0704
# Parts of these are acknowledged together, once the whole is durable: they hold positions. Others at once.
HELD_BACK = frozenset((LOCATION, LOCATIONS))
MOST_TERMINALS = 2000


class Session:
    """The protocol of one connection, without the connection."""

    __slots__ = ("_commands", "_outgoing", "_packages", "_reader", "_terminals")

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._terminals: dict[str, Terminal] = {}
        self._packages = Packages()
        self._commands = Commands()
        self._outgoing = Outgoing()

    def state(self, terminal: str) -> State:
        known = self._terminals.get(terminal)
        return State.CONNECTED if known is None else known.state

    def version(self, terminal: str) -> Version | None:
        """The version learnt from the terminal; None for a stranger."""
        known = self._terminals.get(terminal)
        return None if known is None else known.version

    def terminals(self) -> tuple[str, ...]:
        """Those that are authenticated here."""
        return tuple(name for name, known in self._terminals.items() if ALLOWED[known.state] is None)

    def last_heard(self, terminal: str) -> float | None:
        """When the terminal last sent a well-formed message; None for a stranger."""
        known = self._terminals.get(terminal)
        return None if known is None else known.heard

    @property
    def kept(self) -> int:
        """Bytes of the peer that are kept: a frame without its end, messages without all their parts."""
        return self._reader.kept + self._packages.kept

    def learn(self, terminal: str, version: Version) -> None:
        """The version that the directory knows, for a terminal that authenticates without registering."""
        known = self._terminals.get(terminal)
        if known is not None and known.spoken is not Version.V2019:
            known.version = version

    def displace(self, terminal: str) -> None:
        """The terminal has authenticated on a newer connection; here it is nobody any more."""
        known = self._terminals.get(terminal)
        if known is not None:
            known.state = State.DISPLACED
            self._commands.forget(terminal)

    def receive_bytes(self, data: bytes, now: float) -> list[Event]:
        """What the bytes bring; answers that need nobody's word wait in `bytes_to_send`."""
        events: list[Event] = []
        for frame in self._reader.feed(data):
            if isinstance(frame, Bad):
                events.append(Garbled(frame.reason, frame.raw))
                continue
            try:
                header, body = parse(frame)
            except MalformedError as error:
                events.append(Garbled(error.reason, frame))
                continue
            event = self._receive(header, body, now, events)
            if event is not None:
                events.append(event)
        return events

    def bytes_to_send(self) -> bytes:
        """What has to go out now."""
        return self._outgoing.take()

    def acknowledge(
        self, event: Awaiting, result: Result | RegistrationResult = Result.OK, *, code: str = ""
    ) -> bytes:
        """The answer to the event, to be sent once what it brought is durable (or is known to have failed).

        A registration is answered with a RegistrationResult and, when that is OK, a code that is not empty.
        """
        header = event.header
        if isinstance(event, PositionReported) and not event.serials:
            return self._outgoing.acknowledgement(
                self._terminals.get(header.terminal), header, header.serial, result
            )
        known = self._terminals.get(header.terminal)
        if known is not None and not result:
            if isinstance(event, Registering):
                known.state = State.REGISTERED
            elif isinstance(event, Authenticating):
                known.state = State.AUTHENTICATED
        return b"".join(self.reply(event, each) for each in answer_to(event, result, code))

    def reply(self, event: Awaiting, message: Message) -> bytes:
        """A message that the event asks for by its own id, such as 0x8004 for 0x0004."""
        return self._outgoing.answer(self._terminals.get(event.header.terminal), event.header, message)

    def command(self, terminal: str, message: Message, now: float, *, wait: float = 30.0) -> int:
        """Queue a message for the terminal; `Answered` or `Unanswered` will come under the serial returned.

        Raises NotHereError, TooManyCommandsError, and UnencodableError for a value that does not fit.
        """
        known = self._terminals.get(terminal)
        if known is None or ALLOWED[known.state] is not None:
            raise NotHereError(terminal)
        if self._commands.count(terminal) >= MOST_COMMANDS:
            raise TooManyCommandsError(terminal)
        header, frames = self._outgoing.command(known, terminal, message)
        self._commands.add(header, frames, now + wait)
        self._outgoing.add(frames)
        return header.serial

    def timer(self) -> float | None:
        """The instant at which `handle_timer` is to be called; None: not before something else happens."""
        dues = [due for due in (self._packages.timer, self._commands.timer) if due is not None]
        return min(dues, default=None)

    def handle_timer(self, now: float) -> list[Event]:
        """What happened because time passed: parts asked for again or given up, commands without a reply."""
        events: list[Event] = list(self._commands.overdue(now))
        for each in self._packages.overdue(now):
            if isinstance(each, Wanted):
                wanted = PartsWanted(serial=each.header.serial, parts=each.missing)
                known = self._terminals.get(each.header.terminal)
                self._outgoing.add((self._outgoing.answer(known, each.header, wanted),))
            else:
                events.append(PartsMissing(each.header, each.missing))
        return events

    def _receive(self, header: Header, body: bytes, now: float, events: list[Event]) -> Event | None:
        known = self._terminals.get(header.terminal)
        if known is not None:
            known.heard = now
            if known.state is State.WORKING and _is_plain_report(header, body):
                return self._reported(known, header, body, ())
        refused = self._refusal(known, header)
        if refused is not None:
            result = Result.UNSUPPORTED if refused is Refusal.ENCRYPTED else Result.FAILED
            return self._refuse(header, body, refused, result)
        if known is None:
            known = self._terminals[header.terminal] = Terminal(header.version, now)
        elif known.state is State.AUTHENTICATED:
            known.state = State.WORKING
        if header.total:
            return self._receive_part(known, header, body, now, events)
        return self._dispatch(known, header, body, ())

    def _refusal(self, known: Terminal | None, header: Header) -> Refusal | None:
        crowded = known is None and len(self._terminals) >= MOST_TERMINALS
        why = refusal_of(State.CONNECTED if known is None else known.state, header)
        return why or (Refusal.CROWDED if crowded else None)

    def _receive_part(
        self, known: Terminal, header: Header, body: bytes, now: float, events: list[Event]
    ) -> Event | None:
        whole, given_up = self._packages.add(header, body, now)
        events.extend(PartsMissing(each.header, each.missing) for each in given_up)
        if whole is None:
            if header.message_id not in HELD_BACK:
                self._answer(header, Result.OK)
            return None
        serials = whole.serials if header.message_id in HELD_BACK else (header.serial,)
        return self._dispatch(known, whole.header, whole.body, serials)

    def _dispatch(self, known: Terminal, header: Header, body: bytes, serials: tuple[int, ...]) -> Event:
        try:
            if header.message_id == LOCATION:
                if len(body) < SIZE:
                    raise MalformedError(Reason.TRUNCATED, f"{len(body)} < {SIZE}")
                return self._reported(known, header, body, serials)
            return self._decoded(known, header, body, serials)
        except MalformedError as error:
            self._answer(header, Result.WRONG, serials)
            return Undecodable(header, body, error.reason, str(error))

    def _reported(
        self, known: Terminal, header: Header, body: bytes, serials: tuple[int, ...]
    ) -> PositionReported:
        version = known.version if header.version is not Version.V2019 else header.version
        return PositionReported(header, version, body, serials)

    def _decoded(self, known: Terminal, header: Header, body: bytes, serials: tuple[int, ...]) -> Event:
        if header.version is Version.V2019:
            known.version = known.spoken = Version.V2019
        elif header.message_id == REGISTER:
            known.version, known.spoken = registered_version(body, header.version), header.version
        found = decode(header.message_id, body, known.version)
        if found is None:
            self._answer(header, Result.UNSUPPORTED, serials)
            return Unknown(header, body)
        message, trailing = found
        return self._event(header, message, trailing, serials)

    def _event(self, header: Header, message: Message, trailing: bytes, serials: tuple[int, ...]) -> Event:
        match message:
            case Registration():
                return Registering(header, message)
            case Authentication():
                return Authenticating(header, message)
            case Locations():
                return PositionsReported(header, message, serials)
        known_inside = self._housekeeping(header, message, trailing)
        return known_inside or MessageReceived(header, message, trailing, serials)

    def _housekeeping(self, header: Header, message: Message, trailing: bytes) -> Event | None:
        """What the session deals with alone; None for what the owner has to acknowledge."""
        match message:
            case Heartbeat():
                self._answer(header, Result.OK)
                return HeartbeatReceived(header, trailing)
            case LogOut():
                self._answer(header, Result.OK)
                self._terminals[header.terminal].state = State.CONNECTED
                self._commands.forget(header.terminal)
                return LoggedOut(header)
            case PartsWantedByTerminal():
                self._outgoing.add(self._commands.frames(header.terminal, message.serial, message.parts))
                return Unasked(header, message)
        unasked = Unasked(header, message) if isinstance(message, TerminalAck) else None
        return self._commands.answered(header, message) or unasked

    def _refuse(self, header: Header, body: bytes, refusal: Refusal, result: Result) -> Event:
        if header.message_id != TerminalAck.ID:
            self._answer(header, result)
        return Refused(header, body, refusal)

    def _answer(self, header: Header, result: Result, serials: Iterable[int] = ()) -> None:
        known = self._terminals.get(header.terminal)
        each = tuple(serials) or (header.serial,)
        self._outgoing.add(self._outgoing.acknowledgement(known, header, serial, result) for serial in each)


def _is_plain_report(header: Header, body: bytes) -> bool:
    """The message of every day, to be asked nothing further."""
    whole = not header.total and not header.encryption
    return whole and header.message_id == LOCATION and len(body) >= SIZE
