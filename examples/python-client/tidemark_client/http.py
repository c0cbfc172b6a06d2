"""One request and its answer; silence is a failure, and every byte is progress."""

from __future__ import annotations

import http.client
import socket
import threading
from typing import Dict, Iterator, Optional
from urllib.parse import urljoin, urlsplit

from .failures import NetworkFailure, Silence, TooLarge

MAX_BODY = 16 * 1024 * 1024
MAX_REDIRECTS = 5
PIECE = 16 * 1024


class Requests:
    """Sends one request at a time; `stop` aborts the current one from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Optional[http.client.HTTPConnection] = None
        self.stopped = threading.Event()

    def stop(self) -> None:
        """Abort the current request, and send no more."""
        self.stopped.set()
        with self._lock:
            if self._connection is not None and self._connection.sock is not None:
                try:
                    self._connection.sock.shutdown(2)
                except OSError:
                    pass  # The connection is already closed.

    def send(
        self,
        method: str,
        url: str,
        headers: Dict[str, str],
        limit: float,
        body: Optional[bytes] = None,
    ) -> "Answer":
        """Send a request, follow redirects of a read, and return the head; `limit` seconds of silence is a failure."""
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._once(method, url, headers, limit, body)
            target = answer.headers.get("Location")
            if method != "GET" or answer.status not in (301, 302, 303, 307, 308) or target is None:
                return answer
            answer.close()
            before, url = url, urljoin(url, target)
            if urlsplit(before)[:2] != urlsplit(url)[:2]:
                headers = {k: v for k, v in headers.items() if k.lower() != "authorization"}
        raise NetworkFailure("too many redirects")

    def _once(
        self,
        method: str,
        url: str,
        headers: Dict[str, str],
        limit: float,
        body: Optional[bytes],
    ) -> "Answer":
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=limit)
        with self._lock:
            self._connection = connection
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            if body is None:
                connection.request(method, target, None, headers)
            else:
                sized = {**headers, "Content-Length": str(len(body))}
                connection.request(method, target, _pieces(body), sized)
            return Answer(connection, connection.getresponse(), limit)
        except socket.timeout as error:
            connection.close()
            raise Silence("no answer in time") from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise NetworkFailure(f"no answer: {error}") from error


class Answer:
    """An answer whose head has arrived."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        limit: float,
    ) -> None:
        self._connection = connection
        self._socket = connection.sock or getattr(getattr(response.fp, "raw", None), "_sock", None)
        self._response = response
        self._limit = limit
        self.status = response.status
        self.headers = response.headers

    @property
    def media_type(self) -> str:
        """The media type, without its parameters."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()

    def body(self, limit: int = MAX_BODY) -> bytes:
        """Read the whole body: each piece that arrives is progress, silence is a failure."""
        received = bytearray()
        while chunk := self.read(self._limit):
            received += chunk
            if len(received) > limit:
                self.close()
                raise TooLarge(None, limit, limit)
        self.close()
        return bytes(received)

    def read(self, seconds: float) -> bytes:
        """Wait for bytes and return them; empty at the end."""
        try:
            if self._socket is not None:
                self._socket.settimeout(max(seconds, 0.001))
            return self._response.read1(65536)
        except socket.timeout as error:
            self.close()
            raise Silence("nothing arrived in time") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise NetworkFailure(f"the answer was cut: {error}") from error

    def close(self) -> None:
        """Close the connection."""
        self._response.close()
        self._connection.close()


def _pieces(body: bytes) -> Iterator[bytes]:
    """A body in pieces, so that the socket's time-out applies to each piece and not to the whole body."""
    for at in range(0, len(body), PIECE):
        yield body[at : at + PIECE]
