"""Checks of one answer: is it at the requested position, is it new, does the connection work."""

from __future__ import annotations

import time
from typing import Optional

from .failures import NetworkFailure
from .grammar import is_cursor
from .reading import Step

#: Minimum seconds between two requests while nothing new arrives: at most ten requests in two seconds.
LEAST_INTERVAL = 0.25
#: After this many seconds, a stream works, whatever it has delivered.
PROOF = 5.0


class Visit:
    """One request for the messages after `asked`; `first` is the first message since the last gap."""

    def __init__(self, asked: str, first: Optional[str]) -> None:
        self.asked = asked
        self._first = first
        self._asked_at = time.monotonic()
        self._first_at: Optional[float] = None
        self._events = 0
        self._has_messages = False
        self._is_new = False
        self._only_retry = True

    def sent(self) -> None:
        """Mark the time when the request is sent: the time before it was the application's."""
        self._asked_at = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the request."""
        return time.monotonic() - self._asked_at

    def take(self, step: Step) -> None:
        """Check a step before it is delivered; a network failure if it answers another position."""
        self._check_place(step)
        if self._first_at is None:
            self._first_at = time.monotonic()
        self._events += step.is_event
        self._has_messages = self._has_messages or bool(step.messages)
        placed = step.cursor is not None and not is_cursor(self.asked)
        if step.messages or step.more or step.gap is not None or placed:
            self._is_new = True
        if step.is_event or step.cursor is not None:
            self._only_retry = False

    def _check_place(self, step: Step) -> None:
        if step.gap is not None:
            return
        known = (self.asked, self._first)
        if step.more and step.cursor == self.asked:
            raise NetworkFailure("the page has `more`, but its cursor has not moved")
        if step.messages and (
            step.cursor == self.asked or any(message.cursor in known for message in step.messages)
        ):
            raise NetworkFailure(f"the answer begins before the requested position, {self.asked}")
        if step.begins is not None and is_cursor(self.asked) and step.begins != self.asked:
            raise NetworkFailure(f"the stream begins at {step.begins} instead of {self.asked}")

    @property
    def has_proof(self) -> bool:
        """Whether a message or a second event has shown that the connection works."""
        return self._has_messages or self._events > 1

    @property
    def is_proven(self) -> bool:
        """Whether `proven`, or the age of the stream, shows that the connection works."""
        age = 0.0 if self._first_at is None else time.monotonic() - self._first_at
        return self.has_proof or age >= PROOF

    @property
    def is_refusal(self) -> bool:
        """Whether an ended stream had only `retry:` (SSE-CLIENT-12)."""
        return self._first_at is not None and self._only_retry

    def pause(self, seconds: float) -> float:
        """The pause that the server asked for, but at least the client's minimum interval if nothing new arrived."""
        return seconds if self._is_new else max(seconds, LEAST_INTERVAL - self.elapsed)
