"""Requests and answers of HTTP/1.1, as values."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import AsyncGenerator, Awaitable, Callable, List, Optional, Tuple

Headers = List[Tuple[str, str]]

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP/1\.([0-9])"
)
_ORIGIN = re.compile(rb"[Hh][Tt][Tt][Pp][Ss]?://[^/?#]*")
_DIGITS = re.compile(r"[0-9]{1,18}")
_CONTROL = re.compile(rb"[\x00\r\n]")
_MAX_FIELDS = 100


class HttpError(Exception):
    """A request that violates HTTP; the connection ends after the answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True)
class Head:
    """A request line and its header fields; names are in lower case."""

    method: str
    path: bytes
    query: bytes
    minor: int
    headers: Headers

    def all(self, name: str) -> List[str]:
        """The values of the field, one for each of its lines."""
        return [value for key, value in self.headers if key == name]

    def get(self, name: str) -> Optional[str]:
        """The lines of the field joined as HTTP joins them, or `None`."""
        values = self.all(name)
        return ", ".join(values) if values else None

    @property
    def keeps_alive(self) -> bool:
        """Whether the client allows the connection to be reused."""
        options = {option.strip().lower() for option in (self.get("connection") or "").split(",")}
        return "close" not in options if self.minor else "keep-alive" in options

    @property
    def body_length(self) -> Optional[int]:
        """The length of the body in bytes, or `None` if it is chunked."""
        codings = self.get("transfer-encoding")
        lengths = self.all("content-length")
        if codings is not None:
            # Both together can smuggle a request past a proxy.
            if lengths or not self.minor:
                raise HttpError(400, "Transfer-Encoding is not allowed here")
            if codings.strip().lower() != "chunked":
                raise HttpError(501, "The only supported transfer coding is chunked")
            return None
        if not lengths:
            return 0
        if len(lengths) > 1 or not _DIGITS.fullmatch(lengths[0]):
            raise HttpError(400, "Content-Length is malformed")
        return int(lengths[0])


@dataclass(frozen=True)
class Request:
    """A request, as handlers get it."""

    head: Head
    address: str
    read_body: Callable[[int], Awaitable[Optional[bytes]]]
    """Read the body; `None` as soon as it has more bytes than the argument."""
    hold: Callable[[asyncio.Event, float], Awaitable[None]]
    """Wait for the event up to a time limit; raises `ConnectionError` if the client left."""

    @property
    def method(self) -> str:
        """The method, which is case-sensitive."""
        return self.head.method


@dataclass
class Answer:
    """An answer: its body is `body`, or the blocks that `stream` yields."""

    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    stream: Optional[AsyncGenerator[bytes, None]] = None


Handler = Callable[[Request], Awaitable[Answer]]


def parse_head(block: bytes) -> Head:
    """Parse a head without its empty line; raises `HttpError`."""
    first, *lines = block.split(b"\r\n")
    match = _REQUEST_LINE.fullmatch(first)
    if match is None:
        raise HttpError(400, "The request line is malformed")
    if len(lines) > _MAX_FIELDS:
        raise HttpError(431, "There are too many header fields")
    headers: Headers = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
            raise HttpError(400, "A header field is malformed")
        headers.append((name.decode("ascii").lower(), value.strip(b" \t").decode("latin-1")))
    method, target, minor = match[1].decode("ascii"), match[2], int(match[3])
    path, _, query = _ORIGIN.sub(b"", target, count=1).partition(b"?")
    head = Head(method, path, query, minor, headers)
    if minor and len(head.all("host")) != 1:
        raise HttpError(400, "Host has to occur exactly once")
    return head


def is_media_type(value: Optional[str], media_type: str) -> bool:
    """Whether a `Content-Type` has that media type, whatever its parameters."""
    return value is not None and value.partition(";")[0].strip().lower() == media_type
