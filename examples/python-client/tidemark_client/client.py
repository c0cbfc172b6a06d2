"""The loop of the specification (clients, "The loop"), for one mechanism at a time."""

from __future__ import annotations

import random
from typing import Callable, Dict, Generator, Iterator, Optional, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from .decoder import MAX_EXCESS, MAX_MESSAGE
from .failures import Gap, GapError, NetworkFailure, Refused, Silence, TooLarge
from .fields import granted_wait, read_claims
from .grammar import is_cursor, name_of, read_problem
from .http import Answer, Requests
from .reading import Message, Step, parse_page, read_gap, read_stream
from .visit import LEAST_INTERVAL, Visit

MAX_PAUSE = 300.0
POLL_PAUSE = 5.0
#: After this many failures in succession, the minimum interval applies, even if the application asks for less.
QUICK_TRIES = 2


#: Messages, and finally the pause before the next request; `None` at the end of the channel.
_Reading = Generator["Message", None, Optional[float]]


class Store(Protocol):
    """Stores a position."""

    def load(self) -> Optional[str]: ...

    def save(self, cursor: str) -> None: ...


class Client:
    """Follows a channel. `messages()` yields each message once; `stop()` stops it from any thread."""

    def __init__(
        self,
        url: str,
        mechanism: str = "sse",
        after: str = "start",
        wait: int = 25,
        headers: Callable[[bool], Dict[str, str]] = lambda unauthorized: {},
        on_gap: Callable[[Gap], Optional[str]] = lambda gap: None,
        store: Optional[Store] = None,
        first_pause: float = 1.0,
        connect_timeout: Optional[float] = None,
        max_message: int = MAX_MESSAGE,
        on_too_large: Callable[[TooLarge], bool] = lambda error: False,
    ) -> None:
        self._url = url
        self._mechanism = mechanism
        self._wait = wait
        self._headers = headers
        self._on_gap = on_gap
        self._store = store
        self._first_pause = first_pause
        self._connect_timeout = connect_timeout
        self._max_message = max_message
        self._on_too_large = on_too_large
        self._received = (store.load() if store else None) or after
        self._requests = Requests()
        self._failures = 0
        self._retry = 0.0
        self._unauthorized = False
        #: The first message since the last gap.
        self._first: Optional[str] = None

    def stop(self) -> None:
        """End the iteration."""
        self._requests.stop()

    def commit(self, message: Message) -> None:
        """Commit: the application has handled this message and all before it."""
        if self._store is not None:
            self._store.save(message.cursor)

    def messages(self) -> Iterator[Message]:
        """Yield every message after the position, until the channel is closed."""
        while not self._requests.stopped.is_set():
            try:
                pause = yield from self._read()
                if pause is None:
                    return
            except TooLarge as error:
                if error.cursor is None or not self._on_too_large(error):
                    raise
                self._received, pause = error.cursor, 0.0
            except _TryAgain as again:
                self._failures += 1
                bound = self._first_pause * 2 ** min(self._failures - 1, 20)
                least = LEAST_INTERVAL if self._failures > QUICK_TRIES else 0.0
                drawn = random.uniform(0, min(MAX_PAUSE, bound))
                pause = max(drawn, least, self._retry, again.retry_after)
            self._requests.stopped.wait(min(pause, MAX_PAUSE))

    def _read(self) -> _Reading:
        """Send one request and handle its answer."""
        visit = Visit(self._received, self._first)
        try:
            answer = self._ask(visit)
            claims = read_claims(answer.headers.get("Tidemark"))
            if claims is None:
                raise _TryAgain(_seconds(answer))
            if answer.status == 204:
                return None
            if answer.status != 200:
                return self._refused(answer)
            self._unauthorized = False
            if self._mechanism == "sse":
                if answer.media_type != "text/event-stream":
                    raise NetworkFailure("the answer is not a stream")
                return (yield from self._take_stream(answer, visit))
            page = parse_page(answer.body(self._max_message + MAX_EXCESS), self._max_message)
            visit.take(page)
        except NetworkFailure as failure:
            if self._requests.stopped.is_set():
                return None
            raise _TryAgain(0) from failure
        elapsed = visit.elapsed
        yield from self._take(page)
        if page.closed:
            return None
        early = elapsed < 0.75 * granted_wait(claims, self._wait)
        is_held = self._mechanism == "long-poll" and is_cursor(visit.asked)
        if is_held and early and _is_nothing(page):
            raise _TryAgain(0)  # LP-CLIENT-3
        self._failures = 0
        if page.more and self._mechanism == "poll":
            return 0.0
        if page.retry is not None:
            return visit.pause(page.retry / 1000)
        return visit.pause(POLL_PAUSE if self._mechanism == "poll" else 0.0)

    def _take_stream(self, answer: Answer, visit: Visit) -> _Reading:
        try:
            for step in read_stream(answer, self._max_message):
                visit.take(step)
                if visit.has_proof:
                    self._failures = 0
                yield from self._take(step)
                if step.closed:
                    answer.close()
                    return None
            if not (visit.is_proven or visit.is_refusal):
                raise NetworkFailure("the stream ended right after it began")
        except NetworkFailure as failure:
            answer.close()
            if visit.is_proven and not isinstance(failure, Silence):
                self._failures = 0
            raise
        if visit.is_proven:
            self._failures = 0
        return visit.pause(self._retry)

    def _take(self, step: Step) -> Iterator[Message]:
        if step.retry is not None:
            self._retry = min(step.retry / 1000, MAX_PAUSE)
        if step.gap is not None:
            self._on_gap(step.gap)
            self._first = None
        for message in step.messages:
            self._first = self._first or message.cursor
            self._received = message.cursor
            yield message
        if step.cursor is not None:
            self._received = step.cursor

    def _ask(self, visit: Visit) -> Answer:
        query = {"after": self._received}
        accept, held, grace = "application/json", 0, 30.0
        if self._mechanism == "long-poll":
            query["wait"] = str(self._wait)
            held, grace = self._wait, 15.0  # LP-CLIENT-5
        if self._mechanism == "sse":
            query["stream"] = "1"
            accept, grace = "text/event-stream", 10.0
        limit = held + (grace if self._connect_timeout is None else self._connect_timeout)
        headers = {"Accept": accept, **self._headers(self._unauthorized)}
        visit.sent()
        return self._requests.send("GET", _with(self._url, query), headers, limit)

    def _refused(self, answer: Answer) -> float:
        problem = read_problem(answer.body())
        if answer.status == 410 and name_of(problem, 410) == "gap":
            gap = read_gap(problem)
            choice = self._on_gap(gap)
            if choice is None:
                raise GapError(gap)
            self._received = gap.start if choice == "start" else gap.end
            self._first = None
            return 0.0
        if answer.status == 401 and not self._unauthorized:
            self._unauthorized = True
            return 0.0
        if answer.status in (400, 401, 403, 404, 405, 406, 410):
            raise Refused(answer.status, problem)
        raise _TryAgain(_seconds(answer))


class _TryAgain(Exception):
    """A temporary failure: wait at least `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def _is_nothing(page: Step) -> bool:
    """Whether a page brings no news (LP-CLIENT-3)."""
    return not page.messages and not page.more and page.gap is None and page.retry is None


def _seconds(answer: Answer) -> float:
    """`Retry-After`, if it is a number of seconds (CLI-RETRY-3)."""
    text = (answer.headers.get("Retry-After") or "").strip()
    return min(float(text), MAX_PAUSE) if text.isascii() and text.isdigit() else 0.0


def _with(url: str, query: Dict[str, str]) -> str:
    """The URL with these parameters; they replace existing ones of the same name."""
    parts = urlsplit(url)
    own = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in query]
    return urlunsplit(parts._replace(query=urlencode([*own, *query.items()], safe="~")))
