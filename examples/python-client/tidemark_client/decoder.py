"""The event-stream decoder of the specification (SSE-CLIENT-2), step by step."""

from __future__ import annotations

import codecs
from typing import Iterator, List, NamedTuple, Optional

#: The default limit on messages, in characters of the JSON text.
MAX_MESSAGE = 64 * 1024 * 1024
#: The limit on the lines of an event other than its data: its name and its id.
SPARE = 4096
#: An event that exceeds the limit by this much is not read to its end.
MAX_EXCESS = 64 * 1024 * 1024
#: How much of a line is kept if the event is too large: enough for its id.
KEPT = 2048


class Event(NamedTuple):
    """A complete block; `data` is `None` if it dispatches no event."""

    name: str
    data: Optional[str]
    position: str
    #: The latest reconnection time so far, in milliseconds.
    retry: Optional[int]
    #: The length of the data if it is too large; `data` was then not kept.
    too_large: int = 0


class Decoder:
    """Decodes bytes, however they are split, into blocks."""

    def __init__(self, max_message: int = MAX_MESSAGE) -> None:
        self._max = max_message + SPARE
        self._is_too_large = False
        self._utf8 = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._at_start = True
        self._after_cr = False
        self._rest = ""
        self._name = self._id = ""
        self._data: Optional[List[str]] = None
        self._size = 0
        self._touched = False
        #: The latest reconnection time, in milliseconds: it counts as soon as its line has ended.
        self.retry: Optional[int] = None

    @property
    def pending(self) -> int:
        """How much of an unfinished event with data has arrived; comments do not count."""
        if self._data is None and not self._rest.startswith("data:"):
            return 0
        return self._size + (0 if self._rest.startswith(":") else len(self._rest))

    def push(self, chunk: bytes) -> Iterator[Event]:
        """The blocks that end in this chunk; a `ValueError` if one is far too large."""
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
        """Yield complete lines, ended by CRLF, CR or LF; a CR at the end of a chunk ends its line at once."""
        if not text:
            return
        if self._after_cr and text[0] == "\n":
            text = text[1:]
        self._after_cr = text.endswith("\r")
        lines = (self._rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop()
        yield from lines
        self._bound(self._rest)
        if self._is_too_large and len(self._rest) > KEPT:
            self._size += len(self._rest) - KEPT
            self._rest = self._rest[:KEPT]

    def _bound(self, line: str) -> None:
        """If this line makes the block too large, keep only its id from now on."""
        size = self._size + len(line)
        if size > self._max + MAX_EXCESS:
            raise ValueError("an event is far too large")
        if size > self._max:
            self._is_too_large = True
            self._data = []

    def _field(self, line: str) -> None:
        self._bound(line)
        if line[0] == ":":
            return
        self._size += len(line)
        self._touched = True
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "event":
            self._name = value
        elif name == "data" and not self._is_too_large:
            self._data = [*(self._data or []), value]
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value)

    def _end_block(self) -> Event:
        data = None if self._data is None else "\n".join(self._data)
        too_large = self._size if self._is_too_large else 0
        event = Event(self._name or "message", data, self._id, self.retry, too_large)
        self._is_too_large = False
        self._name, self._data, self._size, self._touched = "", None, 0, False
        return event
