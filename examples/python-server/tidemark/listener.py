"""Accepts connections, limits their number, and shuts down gracefully."""

from __future__ import annotations

import asyncio
from typing import Dict, Optional

from .connection import Connection
from .http import Handler
from .settings import Settings

_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Retry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Listener:
    """A listening socket with its connections."""

    def __init__(self, handler: Handler, settings: Settings) -> None:
        self._handler = handler
        self._settings = settings
        self._connections: Dict[Connection, asyncio.Task[None]] = {}
        self._server: Optional[asyncio.AbstractServer] = None

    async def listen(self, host: str, port: int) -> int:
        """Start to listen; returns the port, which the system chooses for 0."""
        server = await asyncio.start_server(self._accept, host, port, backlog=512)
        self._server = server
        return int(server.sockets[0].getsockname()[1])

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= self._settings.max_connections:
            writer.write(_BUSY)
            writer.close()
            return
        connection = Connection(reader, writer, self._handler, self._settings)
        task = asyncio.current_task()
        assert task is not None
        self._connections[connection] = task
        try:
            await connection.run()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            del self._connections[connection]

    async def drain(self) -> None:
        """Stop accepting, let requests under way end, then cut the rest."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.drain()
        tasks = list(self._connections.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._settings.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
