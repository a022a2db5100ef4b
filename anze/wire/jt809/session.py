"""The lower platform's side of one relation: bytes and instants in, events and bytes out.

Rule 1: this side logs in on the main link; the upper platform then proves itself on the slave link, or speaks
        over the main link as well. What is sent goes over the main link, and over the slave link without it.
Rule 2: a refused log-in, silence and a lost link are tried again, after twice as long each time.
Rule 3: no question of the upper platform is answered but by `answer_roll_call` and `answer_supervision`,
        which want a person's name; `send` does not take such answers.
Rule 4: nothing that arrives raises; what is kept of it is bounded.

The owner does: `start(now)`; `opened(link, now)` and `lost(link, now)` as connections come and go;
`receive_bytes(link, data, now)` → events; `send(message, now, vehicle)` → serial; the two answers → what was
given; `probe(now)`, whose `KeptAlive` says that all sent before has been read; `leave(now)`; after each,
`bytes_to_send(link)`; at `timer()` it calls `handle_timer(now)` → events.
Instants are seconds since 1970: the header of 2019 bears one.

docs/algorithms/jt809.md has the guarantees.
"""

from __future__ import annotations

from anze.wire.errors import MalformedError
from anze.wire.frame import Bad
from anze.wire.jt809.account import Account
from anze.wire.jt809.answers import Given, Responder, check_sendable, roll_call_answer, supervision_answer
from anze.wire.jt809.events import (
    Asked,
    Cause,
    Connect,
    Disconnect,
    Event,
    Garbled,
    KeptAlive,
    Link,
    LoggedIn,
    LoginRefused,
    Lost,
    MessageReceived,
    Refusal,
    Refused,
    RollCallAsked,
    SlaveDown,
    SlaveRefused,
    SlaveUp,
    SupervisionAsked,
    Undecodable,
)
from anze.wire.jt809.header import HIDDEN, Header, parse
from anze.wire.jt809.messages import Decoded, Vehicle, decode, links
from anze.wire.jt809.messages.alarms import Handling, Supervision
from anze.wire.jt809.messages.platforms import RollCall
from anze.wire.jt809.pair import Pair
from anze.wire.jt809.questions import Questions
from anze.wire.jt809.states import State, admits
from anze.wire.jt809.tables import Message

DOWN = (State.CLOSED, State.OPENING)


class Session:
    """The protocol of one relation, without its connections."""

    __slots__ = ("_account", "_code", "_failures", "_pair", "_questions", "_retry")

    def __init__(self, account: Account) -> None:
        self._account = account
        self._pair = Pair(account)
        self._questions = Questions()
        self._code: int | None = None
        self._retry: float | None = None
        self._failures = 0

    def state(self, link: Link) -> State:
        return self._pair.lines[link].state

    @property
    def kept(self) -> int:
        """Bytes of the peer that wait for their frame's end."""
        return self._pair.kept

    @property
    def open_questions(self) -> int:
        return len(self._questions)

    def start(self, now: float) -> None:
        """From now on, and until `leave`, the main link is wanted; `handle_timer` says when."""
        if self._pair.lines[Link.MAIN].state is State.CLOSED:
            self._retry = now

    def opened(self, link: Link, now: float) -> list[Event]:
        """The connection is there: this side logs in on the main link, the other on the slave link."""
        if link is Link.MAIN and self.state(link) is State.CLOSED and self._retry is None:
            return [Disconnect(link, Cause.LEFT)]
        self._pair.close(link)
        self._pair.lines[link].enter(State.LOGGING_IN, now)
        if link is Link.MAIN:
            self._retry = None
            self._pair.write(link, self._account.login(), now)
        return []

    def lost(self, link: Link, now: float) -> list[Event]:
        """The connection is gone, or could not be opened."""
        before = self._pair.lines[link].state
        if before is State.CLOSED:
            return []
        self._pair.close(link)
        if link is Link.SLAVE or before is State.LEAVING:
            return [Lost(link, None)]
        self._tell_slave(links.MainLost(reason=0), now)
        return [Lost(link, self._wait(now))]

    def leave(self, now: float) -> list[Event]:
        """Log out, and stay away until `start`."""
        self._retry = None
        self._tell_slave(links.Closing(reason=1), now)
        main = self._pair.lines[Link.MAIN]
        if main.state is State.WORKING:
            self._pair.write(Link.MAIN, self._account.logout(), now)
            main.enter(State.LEAVING, now)
        elif main.state in (State.OPENING, State.LOGGING_IN):
            self._pair.close(Link.MAIN)
            return [Disconnect(Link.MAIN, Cause.LEFT)]
        return []

    def receive_bytes(self, link: Link, data: bytes, now: float) -> list[Event]:
        """What the bytes bring; keep-alives are answered in `bytes_to_send`."""
        events: list[Event] = []
        if self.state(link) in DOWN:
            return events
        for frame in self._pair.feed(link, data):
            if self.state(link) in DOWN:
                break
            if isinstance(frame, Bad):
                events.append(Garbled(link, frame.reason, frame.raw))
                continue
            try:
                header, body = parse(frame, self._account.version)
            except MalformedError as error:
                events.append(Garbled(link, error.reason, frame))
                continue
            events += self._receive(link, header, body, now)
        return events

    def bytes_to_send(self, link: Link) -> bytes:
        """What has to go out over the link now."""
        return self._pair.take(link)

    def send(self, message: Message, now: float, vehicle: Vehicle | None = None) -> int:
        """Queue a message for the upper platform; its serial.

        Raises NotForSendingError, NotLoggedInError, and UnencodableError for a value that does not fit.
        """
        check_sendable(message)
        return self._pair.write(self._pair.working(), message, now, vehicle)

    def probe(self, now: float) -> int:
        """Ask for a sign of life on the main link; the number that `KeptAlive` will bear at least.

        Raises NotLoggedInError: what the slave link carries is not known to be read.
        """
        return self._pair.probe(now)

    def knows(self, code: int) -> bool:
        """Whether this is the code that the log-in gave for the slave link."""
        return self._code is not None and code == self._code

    def recall(self, asked: Asked) -> Asked:
        """A question that the owner kept is open, again or still; as the session knows it."""
        return self._questions.recall(asked)

    def answer_roll_call(self, asked: RollCallAsked, *, by: Responder, text: str, now: float) -> Given:
        """The answer of that person, in those words. Raises NotAskedError, and as `send` does."""
        return self._answer(asked, by, roll_call_answer(asked, by, text), None, now)

    def answer_supervision(
        self, asked: SupervisionAsked, *, by: Responder, result: Handling, now: float
    ) -> Given:
        """What that person says of the urged alarm; the message itself has no room for the name."""
        return self._answer(asked, by, supervision_answer(asked, result), asked.vehicle, now)

    def timer(self) -> float | None:
        """The instant at which `handle_timer` is to be called; None: not before something else happens."""
        dues = [self._retry, self._questions.timer, *self._pair.deadlines()]
        return min((due for due in dues if due is not None), default=None)

    def handle_timer(self, now: float) -> list[Event]:
        """What happened because time passed: connect, disconnect, questions that nobody answered."""
        events: list[Event] = list(self._questions.overdue(now))
        main = self._pair.lines[Link.MAIN]
        if self._retry is not None and self._retry <= now:
            self._retry, main.state = None, State.OPENING
            events.append(Connect())
        for link, line in self._pair.lines.items():
            due = line.deadline(self._account.timing)
            if due is not None and due <= now:
                events += self._give_up(link, now)
        if main.state is State.WORKING and main.said + self._account.timing.keep_alive <= now:
            self.probe(now)
        return events

    def _give_up(self, link: Link, now: float) -> list[Event]:
        working = self._pair.lines[link].state is State.WORKING
        events: list[Event] = [Disconnect(link, Cause.SILENCE if working else Cause.NO_ANSWER)]
        return events + self.lost(link, now)

    def _receive(self, link: Link, header: Header, body: bytes, now: float) -> list[Event]:
        line = self._pair.lines[link]
        line.heard = now
        if header.encrypted:
            cipher = self._account.cipher
            if cipher is None or header.encrypted != HIDDEN:
                return [Refused(link, header, body, Refusal.ENCRYPTED)]
            body = cipher.over(body, header.key)
        if not admits(link, line.state, header.message_id):
            return [Refused(link, header, body, Refusal.NOT_ALLOWED)]
        try:
            decoded = decode(header.message_id, body, header.version)
        except MalformedError as error:
            return [Undecodable(link, header, body, error.reason, str(error))]
        return self._housekeeping(link, header, decoded, now)

    def _housekeeping(self, link: Link, header: Header, decoded: Decoded, now: float) -> list[Event]:
        """What the session deals with alone, and what a person has to answer or the owner takes."""
        match decoded.message:
            case links.LoginAnswer() as answer:
                return self._login_answered(header, answer, now)
            case links.LogoutAnswer():
                self._pair.close(Link.MAIN)
                return [Disconnect(Link.MAIN, Cause.LEFT)]
            case links.KeepAliveAnswer():
                main = self._pair.lines[Link.MAIN]
                return [KeptAlive(main.echoes)] if main.echo() else []
            case links.SlaveLogin() as login:
                return self._slave_login(header, login, now)
        of_slave = self._of_slave(header, decoded, now)
        return self._asked(link, header, decoded, now) if of_slave is None else of_slave

    def _of_slave(self, header: Header, decoded: Decoded, now: float) -> list[Event] | None:
        """What the upper platform says of the slave link; None for anything else."""
        match decoded.message:
            case links.SlaveKeepAlive():
                self._pair.write(Link.SLAVE, links.SlaveKeepAliveAnswer(), now)
                return []
            case links.SlaveLogout():
                self._pair.write(Link.SLAVE, links.SlaveLogoutAnswer(), now)
                self._pair.lines[Link.SLAVE].enter(State.LOGGING_IN, now)
                return [SlaveDown(header, None)]
            case links.SlaveLost() as gone:
                there = self.state(Link.SLAVE) is not State.CLOSED
                self._pair.close(Link.SLAVE)
                return [SlaveDown(header, gone.reason), *[Disconnect(Link.SLAVE, Cause.GONE)] * there]
        return None

    def _asked(self, link: Link, header: Header, decoded: Decoded, now: float) -> list[Event]:
        asked: Asked
        match decoded.message:
            case RollCall() as call:
                limit = call.minutes * 60.0 if call.minutes else self._account.timing.roll_call
                asked = RollCallAsked(header, call, now + limit)
            case Supervision() as urged:
                asked = SupervisionAsked(header, decoded.vehicle, urged)
            case _:
                return [MessageReceived(link, header, decoded)]
        return [*self._questions.add(asked)]

    def _login_answered(self, header: Header, answer: links.LoginAnswer, now: float) -> list[Event]:
        if answer.result == links.LoginResult.OK:
            self._pair.lines[Link.MAIN].enter(State.WORKING, now)
            self._code, self._failures = answer.code, 0
            return [LoggedIn(header)]
        text = links.LOGIN_TEXTS.get(answer.result, "其他")
        self._pair.close(Link.MAIN)
        refused = LoginRefused(header, answer.result, text, self._wait(now))
        return [refused, Disconnect(Link.MAIN, Cause.REFUSED)]

    def _slave_login(self, header: Header, login: links.SlaveLogin, now: float) -> list[Event]:
        right = self.knows(login.code)
        result = links.SlaveResult.OK if right else links.SlaveResult.WRONG_CODE
        self._pair.write(Link.SLAVE, links.SlaveLoginAnswer(result=int(result)), now)
        if not right:
            return [SlaveRefused(header)]
        self._pair.lines[Link.SLAVE].enter(State.WORKING, now)
        return [SlaveUp(header)]

    def _answer(
        self, asked: Asked, by: Responder, answer: Message, vehicle: Vehicle | None, now: float
    ) -> Given:
        self._questions.require(asked)
        serial = self._pair.write(self._pair.working(), answer, now, vehicle)
        self._questions.close(asked)
        return Given(asked, by, serial)

    def _tell_slave(self, message: Message, now: float) -> None:
        if self._pair.lines[Link.SLAVE].state is State.WORKING:
            self._pair.write(Link.SLAVE, message, now)

    def _wait(self, now: float) -> float:
        self._failures += 1
        self._retry = now + self._account.timing.retry(self._failures)
        return self._retry
