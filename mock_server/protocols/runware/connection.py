"""A WebSocket connection as a state machine: messages in, messages out, no socket (RW-140 to 150).

It begins without a key; the first message has to show one. From then on each task is answered by a
message of its own, when its time has come, so that answers overtake one another.
"""

import logging
from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from mock_server import codec
from mock_server.accounts import check_key
from mock_server.auth import Identity, identify
from mock_server.errors import ApiError
from mock_server.journal import Exchange
from mock_server.mock import Mock, Request
from mock_server.operation import Operation, Socket
from mock_server.passage import Passage
from mock_server.protocols.runware import mailbox
from mock_server.protocols.runware.engine import check, run
from mock_server.protocols.runware.envelope import refusal
from mock_server.protocols.runware.ids import uuid_of
from mock_server.quota import spend
from mock_server.scenarios.scripts import named
from mock_server.spoiling import spoilt_messages
from mock_server.validation import Content
from mock_server.violations import first_violation
from mock_server.wire import Call, Json, Message

_log = logging.getLogger("mock_server")


class Connection:
    """One client's connection; `call` is its handshake."""

    def __init__(self, call: Call, operation: Operation, socket: Socket, mock: Mock) -> None:
        self.socket = socket
        self.caller: Identity | None = None
        self._call, self._operation, self._mock = call, operation, mock
        self._session = ""
        self._number = 0
        self._open: dict[int, tuple[Exchange, int]] = {}

    @property
    def key(self) -> str | None:
        """By whose clock the connection goes."""
        return self.caller.id if self.caller else None

    def receive(self, data: bytes, now: float, waiting: int = 0) -> list[Message]:
        """What a message is answered with, while so many answers are still waiting to be sent.

        Never raises for anything that a client did. Whoever sends the answers says `delivered`.
        """
        arrived = self._mock.clock.real()
        call = replace(self._call, body=data, now=now, method="WEBSOCKET", arrived=arrived)
        exchange = self._mock.journal.open(call)
        exchange.operation = self._operation.id
        tasks: Json = []
        try:
            tasks = self._tasks(data)
            sent = list(self._answers(tasks, call, exchange, waiting))
        except ApiError as error:
            sent = self._refused(error, tasks)
        except Exception:
            _log.exception("a message on %s could not be answered", call.path)
            sent = self._refused(ApiError("internal_error", "The mock server failed."), tasks)
        if not exchange.id:  # what cannot be read is the connection's, too
            self._enter(exchange, self.caller)
        exchange.asked = tasks or None
        self._note(sent, exchange)
        if self._mock.faults.any:
            passage = Passage(call, exchange, self._operation, self.caller, body=tasks)
            sent = list(spoilt_messages(sent, passage, self._mock))
        self._number += 1
        self._open[self._number] = exchange, len(sent)
        if not sent:
            self._close(self._number, finished=True)
        return [replace(each, answers=self._number) for each in sent]

    def delivered(self, message: Message) -> None:
        """A message was handed to the network."""
        exchange, left = self._open[message.answers]
        if exchange.began is None:
            exchange.began = self._mock.clock.real() - exchange.call.arrived
        exchange.keep(message.data)
        exchange.sent += len(message.data)
        self._open[message.answers] = exchange, left - 1
        if left == 1:
            self._close(message.answers, finished=True)

    def end(self) -> None:
        """Nothing more is delivered, because the server says so."""
        for number, (exchange, _) in list(self._open.items()):
            exchange.cut = exchange.cut or not exchange.left
            self._close(number, finished=False)

    def leave(self, undelivered: Sequence[Message], now: float) -> None:
        """The client has gone before these were sent; they are kept for when it comes back."""
        for exchange, _ in self._open.values():
            exchange.left = not exchange.cut
        if self.caller is not None and undelivered:
            own = now + self._mock.clock.ahead(self.caller.id)
            keeps, mock = self.socket.keeps, self._mock
            earlier = mailbox.collect(self.caller, self._session, own, keeps, mock)
            mailbox.keep(self.caller, self._session, [*earlier, *undelivered], own, mock)

    def _close(self, number: int, *, finished: bool) -> None:
        exchange, _ = self._open.pop(number)
        exchange.finished = finished
        clock = self._mock.clock
        took, now = clock.real() - exchange.call.arrived, clock.now(exchange.caller_id)
        self._mock.journal.close(exchange, took, now)

    def _tasks(self, data: bytes) -> Json:
        """The tasks in a message; raises ApiError where it is no array of them."""
        if len(data) > self._mock.settings.max_body:
            raise ApiError("body_too_large", "The message is larger than this server accepts.")
        tasks = codec.decode(data)
        whole = next(media.whole for media in self._operation.bodies if media.whole)
        secret = self._operation.body_key.field if self._operation.body_key else None
        violation = first_violation(self._mock.spec.validator(whole), tasks, secret=secret)
        if violation is not None:
            raise violation
        return tasks

    def _answers(
        self, tasks: Sequence[Json], call: Call, exchange: Exchange, waiting: int
    ) -> Iterator[Message]:
        first: Json = tasks[0] if isinstance(tasks[0], dict) else {}
        opens = first.get("taskType") == "authentication"
        if self.caller is not None:
            self._enter(exchange, self.caller)
        if opens:
            yield from self._login(first, call, exchange)
        rest = tasks[1:] if opens else tasks
        if rest and self.caller is None:
            message = "No API key was sent: the first task has to be authentication."
            yield from self._refused(ApiError("missing_key", message), rest)
        elif rest:
            yield from self._run(rest, call, exchange, waiting)

    def _login(self, task: Json, call: Call, exchange: Exchange) -> Iterator[Message]:
        """A session, and what an earlier one has left undelivered; ends the connection else."""
        try:
            check(0, task, self._operation, self._mock)
            caller = identify(replace(call, headers=()), self._operation, self._mock.door.keys)
            account = self._mock.store.ledger.account(caller.id)
            if account is not None:
                check_key(account)
            if self.caller is not None and caller.id != self.caller.id:
                raise ApiError("invalid_key", "The connection has another key already.")
        except ApiError as error:
            is_over = error.kind == "invalid_key" and self.caller is None
            (message,) = self._refused(error, [task])
            # Clients that do not read the error at this point would wait for long (RW-143).
            yield replace(message, closes=self.socket.refused_code if is_over else None)
            return
        if self.caller is None:
            self._enter(exchange, caller)
        fresh = uuid_of("session", self._mock.seed_of(caller.id), caller.id, exchange.id)
        earlier = task.get("connectionSessionUUID")
        self.caller, self._session = caller, earlier or self._session or fresh
        told = {"taskType": task["taskType"], "connectionSessionUUID": self._session}
        yield self._message({"data": [told]})
        if earlier:
            now = self._mock.clock.seen_by(caller.id, call).now
            yield from mailbox.collect(caller, earlier, now, self.socket.keeps, self._mock)

    def _run(
        self, tasks: Sequence[Json], call: Call, exchange: Exchange, waiting: int
    ) -> Iterator[Message]:
        caller, mock = self.caller, self._mock
        assert caller is not None
        call = mock.clock.seen_by(caller.id, call)
        seed = mock.seed_of(caller.id)
        request = Request(call, self._operation, caller, {}, Content(tasks), exchange.id, seed)
        try:
            self._admit(request, exchange, waiting)
        except ApiError as error:
            yield from self._refused(error, tasks)
            return
        for outcome in run(tasks, request, mock):
            told = "data" if outcome.error is None else "errors"
            item = outcome.result if outcome.error is None else outcome.error
            is_free = any(script.violates for script in request.scripts)
            message = self._message({told: [item]}, outcome.after, is_free=is_free)
            yield replace(message, posts=outcome.posts)
        exchange.scenario = named(request.scripts)

    def _admit(self, request: Request, exchange: Exchange, waiting: int) -> None:
        """Raises ApiError where the key may not, or there is too much."""
        account = self._mock.store.ledger.account(request.caller.id)
        if account is not None:
            check_key(account)
        free = self.socket.uncounted
        is_free = all(
            isinstance(each, dict) and each.get("taskType") in free for each in request.body
        )
        if self._operation.is_counted and not is_free:
            quota = spend(
                self._mock.store, request.caller, request.call.now, self._mock.settings.rate_limit
            )
            if quota.exceeded:
                message = f"Rate limit of {quota.limit} requests a minute exceeded for this key."
                exchange.limited = True
                raise ApiError("rate_limited", message)
        if waiting + len(request.body) > self.socket.most_waiting:
            message = f"More than {self.socket.most_waiting} tasks are under way; wait for some."
            raise ApiError("rate_limited", message)

    def _enter(self, exchange: Exchange, caller: Identity | None) -> None:
        """Write it down, in the time of whose it is."""
        self._mock.journal.enter(exchange, caller)
        if caller is not None:
            exchange.at = self._mock.clock.seen_by(caller.id, exchange.call).now

    def _refused(self, error: ApiError, tasks: Sequence[Json]) -> list[Message]:
        """The same failure for each task, so that each hears of its own (RW-149)."""
        protocol = self._operation.protocol
        worded = [refusal(error, task, protocol)[1] for task in tasks or [None]]
        return [self._message({"errors": [each]}) for each in worded]

    def _message(self, told: Json, after: float = 0.0, *, is_free: bool = False) -> Message:
        if self._mock.settings.strict and not is_free:
            validator = self._mock.spec.validator(self.socket.sends)
            breach = first_violation(validator, told)
            if breach is not None:
                told = {"errors": [{"code": "contractBreach", "message": str(breach)}]}
        return Message(codec.encode(told), after)

    def _note(self, sent: Sequence[Message], exchange: Exchange) -> None:
        """What the journal has of it: as HTTP would have answered, as far as that can be said."""
        answers = [msgspec.json.decode(each.data) for each in sent]
        errors = [each["errors"][0] for each in answers if "errors" in each]
        error = str(errors[0]["message"]) if errors else None
        if error and self.caller:  # no key may stand there, wherever its owner has put it
            error = error.replace(self.caller.key, self.caller.label)
        exchange.error = error
        exchange.status = 200 if len(errors) < len(answers) else 400
