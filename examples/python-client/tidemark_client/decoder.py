"""The event-stream decoder of the specification (SSE-CLIENT-2), step by step."""

from __future__ import annotations

import codecs
from typing import Iterator, List, NamedTuple, Optional

MAX_EVENT = 16 * 1024 * 1024


class Event(NamedTuple):
    """A block that ended: `data` is `None` where it dispatches nothing."""

    name: str
    data: Optional[str]
    position: str
    #: The last reconnection time so far, in milliseconds.
    retry: Optional[int]


class Decoder:
    """Bytes in any split to blocks."""

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._at_start = True
        self._after_cr = False
        self._rest = ""
        self._name = self._id = ""
        self._data: Optional[List[str]] = None
        self._size = 0
        self._touched = False
        #: The last reconnection time, in milliseconds: it counts as soon as its line has ended.
        self.retry: Optional[int] = None

    @property
    def pending(self) -> int:
        """How much of an event with data has arrived that has not ended; comments do not count."""
        if self._data is None and not self._rest.startswith("data:"):
            return 0
        return self._size + (0 if self._rest.startswith(":") else len(self._rest))

    def push(self, chunk: bytes) -> Iterator[Event]:
        """The blocks that end in this chunk; a `ValueError` if one is too large."""
        text = self._utf8.decode(chunk)
        if text and self._at_start:
            self._at_start = False
            text = text[1:] if text[0] == "\ufeff" else text
        for line in self._lines(text):
            if line:
                self._field(line)
            elif self._touched:
                yield self._end_block()

    def _lines(self, text: str) -> Iterator[str]:
        """Lines as they end: CRLF, CR or LF; a CR at the end of what has arrived ends its line at once."""
        if not text:
            return
        if self._after_cr and text[0] == "\n":
            text = text[1:]
        self._after_cr = text.endswith("\r")
        lines = (self._rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop()
        if self._size + len(self._rest) > MAX_EVENT:
            raise ValueError("an event that is too large")
        yield from lines

    def _field(self, line: str) -> None:
        if line[0] == ":":
            return
        self._size += len(line)
        self._touched = True
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            self._name = value
        elif name == "data":
            self._data = [*(self._data or []), value]
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value)

    def _end_block(self) -> Event:
        data = None if self._data is None else "\n".join(self._data)
        event = Event(self._name or "message", data, self._id, self.retry)
        self._name, self._data, self._size, self._touched = "", None, 0, False
        return event
