"""From a request to its answer: routing, problems, and the header fields that every answer has."""

from __future__ import annotations

import asyncio
import logging
from typing import Optional
from urllib.parse import unquote

from .holds import Holds
from .http import Answer, HttpError, Request
from .log import Log
from .problems import Problem
from .publishing import answer_publish, answer_remove
from .query import choose_mechanism, parse_query
from .reading import answer_long_poll, answer_poll
from .settings import Settings
from .stream import answer_stream

PATH = "/channels/"
MECHANISMS = ("poll", "long-poll", "sse")
_METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
_READ_METHODS = "GET, HEAD, OPTIONS"
_READ_FIELDS = "Authorization, If-None-Match, Last-Event-ID"
_WRITE_FIELDS = "Content-Type, Idempotency-Key"
_EXPOSED_FIELDS = "Tidemark, ETag, Retry-After, Location, WWW-Authenticate"

_logger = logging.getLogger(__name__)


class Application:
    """A Tidemark server, without its sockets."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._log = Log(settings)
        self._holds = Holds(settings)
        self._claims = (
            f"v=1, mechanisms=({' '.join(MECHANISMS)}), max-wait={settings.max_wait}, "
            f"max-limit={settings.max_limit}, heartbeat={settings.heartbeat}, "
            f"publish, key-ttl={settings.key_ttl}, event"
        )

    async def __call__(self, request: Request) -> Answer:
        """Answer a request; fails only if the client left or violated HTTP."""
        name = _channel_name(request.head.path)
        if name is None:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
            return Answer(404, headers, b"Channels are at /channels/{channel}\n")
        try:
            answer = await self._answer(request, name)
        except Problem as problem:
            answer = _answer_problem(problem)
        except (HttpError, ConnectionError, EOFError, asyncio.TimeoutError):
            raise  # These end the connection.
        except Exception:
            _logger.exception("A request failed")
            answer = _answer_problem(Problem("internal"))
        self._complete(request, answer)
        return answer

    def let_go(self) -> None:
        """Answer held requests and end streams; from now on, no request is held."""
        self._holds.closing = True
        self._log.wake()

    async def _answer(self, request: Request, name: str) -> Answer:
        method = request.method
        if method in ("POST", "DELETE") and not self._lets_write(request):
            raise Problem("forbidden", "Pages of this origin may not write here")  # PUB-ORIGIN-2
        if method in ("GET", "HEAD"):
            return await self._read(request, name)
        if method == "POST":
            return await answer_publish(request, name, self._log, self._settings)
        if method == "DELETE":
            return answer_remove(name, self._log)
        if method == "OPTIONS":
            # For any name: a browser sends a preflight before it can get a 404.
            return _answer_options(self._lets_write(request))
        raise Problem("method-not-allowed", headers=(("Allow", _METHODS),))

    def _lets_write(self, request: Request) -> bool:
        """Whether the request is from a program (without an origin) or a page that may write."""
        origin = request.head.get("origin")
        return origin is None or origin in self._settings.writers

    async def _read(self, request: Request, name: str) -> Answer:
        channel = self._log.channel(name)
        settings = self._settings
        query = parse_query(request.head.query, settings)
        if request.method == "HEAD":
            query = query.without_hold()  # CORE-HEAD-1
            return answer_poll(request, query, channel, settings)
        mechanism = choose_mechanism(query, request.head.get("accept"), MECHANISMS)
        if mechanism == "sse":
            return answer_stream(request, query, channel, settings, self._holds)
        if mechanism == "long-poll":
            return await answer_long_poll(request, query, channel, settings, self._holds)
        return answer_poll(request, query, channel, settings)

    def _complete(self, request: Request, answer: Answer) -> None:
        headers = answer.headers
        headers.append(("Tidemark", self._claims))  # CORE-CLAIM-1
        headers.append(("Access-Control-Allow-Origin", "*"))
        headers.append(("Access-Control-Expose-Headers", _EXPOSED_FIELDS))
        if request.method in ("GET", "HEAD"):
            headers.append(("Vary", "Accept"))  # CORE-CACHE-3
        if answer.body or answer.stream is not None:
            headers.append(("X-Content-Type-Options", "nosniff"))  # CORE-PROBLEM-4
        if all(field != "Cache-Control" for field, _ in headers):
            headers.append(("Cache-Control", "no-store"))  # CORE-CACHE-1


def _channel_name(path: bytes) -> Optional[str]:
    text = path.decode("latin-1")
    name = text[len(PATH) :]
    if not text.startswith(PATH) or not name or "/" in name:
        return None
    return unquote(name, "utf-8", "replace")


def _answer_options(lets_write: bool) -> Answer:
    fields = f"{_READ_FIELDS}, {_WRITE_FIELDS}" if lets_write else _READ_FIELDS
    return Answer(
        204,
        [
            ("Allow", _METHODS),
            ("Access-Control-Allow-Methods", _METHODS if lets_write else _READ_METHODS),
            ("Access-Control-Allow-Headers", fields),  # CORE-ORIGIN-3, CORE-ORIGIN-5
            ("Access-Control-Max-Age", "7200"),
            ("Vary", "Origin"),
        ],
    )


def _answer_problem(problem: Problem) -> Answer:
    headers = [("Content-Type", "application/problem+json"), *problem.headers]
    return Answer(problem.status, headers, problem.to_json())
