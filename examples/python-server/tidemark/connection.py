"""One connection of HTTP/1.1: framing, time limits, keep-alive."""

from __future__ import annotations

import asyncio
import re
from email.utils import formatdate
from http import HTTPStatus
from typing import Awaitable, Optional, TypeVar

from .http import Answer, Handler, Head, HttpError, Request, parse_head
from .settings import Settings

_READ = 64 << 10
_LINGER_SECONDS = 2.0
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?")

T = TypeVar("T")


class Connection:
    """Answers the requests of one connection one after the other, so pipelining is safe."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        handler: Handler,
        settings: Settings,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._settings = settings
        self._buffer = bytearray()
        self._body_left: Optional[int] = 0
        self._expects = False
        self._idle = False
        self._draining = False

    async def run(self) -> None:
        """Serve until either side ends the connection."""
        try:
            while await self._serve_one():
                pass
        except HttpError as error:
            await self._refuse(error)
        except (ConnectionError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            pass  # The client has left or is too slow; nobody would read an answer.
        finally:
            await self._close()

    def drain(self) -> None:
        """Accept no further request; close at once if none is under way."""
        self._draining = True
        if self._idle:
            self._writer.close()

    async def _serve_one(self) -> bool:
        head = await self._read_head()
        if head is None:
            return False
        self._body_left = head.body_length
        self._expects = head.minor > 0 and (head.get("expect") or "").lower() == "100-continue"
        address = (self._writer.get_extra_info("peername") or ("",))[0]
        answer = await self._handler(Request(head, address, self._read_body, self._hold))
        return await self._send(head, answer)

    # Reading

    async def _fill(self) -> None:
        data = await self._reader.read(_READ)
        if not data:
            raise asyncio.IncompleteReadError(b"", None)
        self._buffer += data

    async def _read_head(self) -> Optional[Head]:
        self._idle = not self._buffer
        try:
            while True:
                while self._buffer.startswith(b"\r\n"):
                    del self._buffer[:2]
                if self._buffer:
                    break
                await self._within(self._settings.idle_seconds, self._fill())
        finally:
            self._idle = False
        if self._draining:
            return None
        return await self._within(self._settings.head_seconds, self._finish_head())

    async def _finish_head(self) -> Head:
        while (end := self._buffer.find(b"\r\n\r\n", 0, self._settings.max_head)) < 0:
            if len(self._buffer) >= self._settings.max_head:
                raise HttpError(431, "The header fields are too large")
            await self._fill()
        head = parse_head(bytes(self._buffer[:end]))
        del self._buffer[: end + 4]
        return head

    async def _read_body(self, limit: int) -> Optional[bytes]:
        if self._body_left is not None and self._body_left > limit:
            return None
        if self._expects:
            self._expects = False
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            return await self._within(self._settings.body_seconds, self._finish_body(limit))
        except asyncio.TimeoutError as error:
            raise HttpError(408, "The body took too long") from error

    async def _finish_body(self, limit: int) -> Optional[bytes]:
        if self._body_left is not None:
            body = await self._take(self._body_left)
            self._body_left = 0
            return body
        pieces = bytearray()
        while True:
            match = _CHUNK_SIZE.fullmatch(await self._take_line())
            if match is None:
                raise HttpError(400, "A chunk is malformed")
            size = int(match[1], 16)
            if size == 0:
                break
            if len(pieces) + size > limit:
                return None
            pieces += await self._take(size)
            if await self._take(2) != b"\r\n":
                raise HttpError(400, "A chunk is malformed")
        while await self._take_line():
            pass  # Ignore trailers; the time limit bounds them.
        self._body_left = 0
        return bytes(pieces)

    async def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            await self._fill()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    async def _take_line(self) -> bytes:
        while (end := self._buffer.find(b"\r\n", 0, self._settings.max_head)) < 0:
            if len(self._buffer) >= self._settings.max_head:
                raise HttpError(400, "A line of the body is too long")
            await self._fill()
        return (await self._take(end + 2))[:-2]

    async def _hold(self, event: asyncio.Event, seconds: float) -> None:
        """Wait, but notice if the client leaves; keep bytes that it sends meanwhile."""
        waiting = asyncio.ensure_future(event.wait())
        watching = asyncio.ensure_future(self._watch())
        tasks = {waiting, watching}
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if watching.done() and not waiting.done():
                raise ConnectionResetError("The client left")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self) -> None:
        while len(self._buffer) < _READ:
            await self._fill()
        await asyncio.get_running_loop().create_future()

    @staticmethod
    async def _within(seconds: float, work: Awaitable[T]) -> T:
        return await asyncio.wait_for(work, seconds)

    # Writing

    async def _send(self, head: Head, answer: Answer) -> bool:
        if self._body_left and len(self._buffer) >= self._body_left:
            await self._take(self._body_left)  # Skip an unread body that has already arrived.
            self._body_left = 0
        streams = answer.stream is not None
        keep = head.keeps_alive and self._body_left == 0 and not self._draining
        keep = keep and not (streams and head.minor == 0)
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        lines.append(f"Date: {formatdate(usegmt=True)}")
        if streams and head.minor:
            lines.append("Transfer-Encoding: chunked")
        elif not streams and answer.status not in (204, 304):
            lines.append(f"Content-Length: {len(answer.body)}")
        if not keep:
            lines.append("Connection: close")
        elif head.minor == 0:
            lines.append("Connection: keep-alive")
        body = b"" if head.method == "HEAD" else answer.body
        self._writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        await self._flush()
        if answer.stream is not None:
            try:
                async for piece in answer.stream:
                    await self._send_piece(piece, chunked=head.minor > 0)
            finally:
                await answer.stream.aclose()
            if head.minor:
                self._writer.write(b"0\r\n\r\n")
                await self._flush()
        return keep and not self._draining

    async def _send_piece(self, piece: bytes, *, chunked: bool) -> None:
        self._writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        await self._flush()

    async def _flush(self) -> None:
        """Wait until the client reads, so that bytes do not pile up (CORE-SECURITY-4)."""
        await self._within(self._settings.send_seconds, self._writer.drain())

    async def _refuse(self, error: HttpError) -> None:
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        self._body_left = None
        try:
            await self._send(
                Head("", b"", b"", 1, []), Answer(error.status, headers, f"{error}\n".encode())
            )
        except (ConnectionError, asyncio.TimeoutError):
            pass  # There was no valid request, so there is no answer.

    async def _close(self) -> None:
        """Close. Keep reading while the client sends, because a reset could discard the answer."""
        try:
            if self._body_left != 0 and self._writer.can_write_eof():
                self._writer.write_eof()
                await self._within(_LINGER_SECONDS, self._discard())
        except (OSError, asyncio.TimeoutError):
            pass  # The client took too long.
        finally:
            self._writer.close()

    async def _discard(self) -> None:
        while await self._reader.read(_READ):
            pass
