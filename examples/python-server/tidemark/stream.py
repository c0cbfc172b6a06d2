"""Server-Sent Events."""

from __future__ import annotations

import asyncio
import json
import random
from typing import AsyncGenerator, Collection, Dict, Optional

from .holds import Holds
from .http import Answer, Headers, Request
from .log import Channel, Message
from .query import Query
from .reading import Origin, find_origin, find_resumption
from .settings import Settings

_BATCH = 100
_BEAT_SHARE = 0.8
"""A heartbeat is sent early, because `heartbeat` promises when it arrives."""

_HEADERS: Headers = [
    ("Content-Type", "text/event-stream"),
    ("Cache-Control", "no-store, no-transform"),
    ("X-Accel-Buffering", "no"),
    ("Incremental", "?1"),  # SSE-STREAM-7
]


def answer_stream(
    request: Request, query: Query, channel: Channel, settings: Settings, holds: Holds
) -> Answer:
    """Answer with a stream that begins at `Last-Event-ID`, else at `after`."""
    last_id = request.head.get("last-event-id")
    if last_id:  # An empty one is ignored (SSE-RESUME-3).
        last_id = last_id.encode("latin-1").decode("utf-8", "replace")
        # Here "start" and "end" are not positions, only invalid ids (SSE-RESUME-4).
        origin = find_resumption(channel, last_id, query.gap)
        if channel.closed and origin.gap is None and origin.position == channel.end:
            return Answer(204)  # SSE-CLOSED-2: prevents an EventSource from reconnecting.
    else:
        origin = find_origin(channel, query.after, query.gap)
    feed = _Feed(request, channel, origin, query.events, settings, holds)
    return Answer(200, list(_HEADERS), stream=feed.run())


class _Feed:
    def __init__(
        self,
        request: Request,
        channel: Channel,
        origin: Origin,
        events: Optional[Collection[str]],
        settings: Settings,
        holds: Holds,
    ) -> None:
        self._request = request
        self._channel = channel
        self._origin = origin
        self._events = events
        self._settings = settings
        self._holds = holds
        self._epoch = channel.epoch
        self._position = origin.position
        self._beat_at = 0.0

    async def run(self) -> AsyncGenerator[bytes, None]:
        """Yield the blocks of the stream, until the channel or the server ends it."""
        retry = random.randint(1000, 3000)  # SSE-OPEN-6
        with self._holds.enter(self._request.address) as admitted:
            if not admitted or self._holds.closing:
                yield f"retry: {retry * 2}\n\n".encode()  # SSE-REFUSE-1
                return
            yield self._opening(retry)
            while not self._is_lost():
                changed = self._channel.changed
                page = self._channel.read(self._position, _BATCH, self._events)
                self._position = page.end
                if page.messages:
                    self._restart_beat()
                    yield "".join(map(self._message, page.messages)).encode()
                elif self._seconds_to_beat() <= 0:
                    yield self._event("$heartbeat")
                elif page.closed:
                    yield self._event("$closed")
                    return
                elif self._holds.closing:
                    return
                else:
                    # The filter skipped everything so far: let other tasks run before reading on.
                    seconds = 0 if page.more else self._seconds_to_beat()
                    await self._request.hold(changed, seconds)

    def _is_lost(self) -> bool:
        """Whether the channel was removed (SSE-END-3) or retention overtook us (SSE-END-2)."""
        return self._channel.epoch != self._epoch or self._position < self._channel.dropped

    def _opening(self, retry: int) -> bytes:
        data: Dict[str, object] = {"heartbeat": self._settings.heartbeat}
        if self._origin.gap is not None:
            data["gap"] = self._origin.gap  # SSE-OPEN-4
        return self._event("$open", json.dumps(data), f"retry: {retry}\n")

    def _event(self, name: str, data: str = "{}", more: str = "") -> bytes:
        self._restart_beat()
        cursor = f"{self._epoch}-{self._position}"
        # `id` comes last (SSE-STREAM-3): a reader that has received it has the whole block.
        return f"event: {name}\n{more}data: {data}\nid: {cursor}\n\n".encode()

    def _message(self, message: Message) -> str:
        event = "" if message.event == "message" else f"event: {message.event}\n"
        return f"{event}data: {message.data}\nid: {self._channel.cursor(message.number)}\n\n"

    def _restart_beat(self) -> None:
        clock = asyncio.get_running_loop().time
        self._beat_at = clock() + self._settings.heartbeat * _BEAT_SHARE

    def _seconds_to_beat(self) -> float:
        return self._beat_at - asyncio.get_running_loop().time()
