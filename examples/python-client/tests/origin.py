"""A server whose answers a test scripts, and that records its requests."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Callable, Dict, List, Optional, Type
from urllib.parse import parse_qsl, urlsplit

Query = Dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """One request of a client."""

    server: "_Server"

    def do_GET(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        self.server.asked.append(query)
        try:
            self.server.answer(self, query, len(self.server.asked))
        except OSError:
            pass  # The client has left.

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Suppress the default log output."""

    def page(self, **page: Any) -> None:
        """Send a whole page."""
        body = json.dumps({"messages": [], "more": False, **page}).encode()
        self.begin("application/json", {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def begin(self, kind: str, fields: Dict[str, str] = {}, status: int = 200) -> None:
        """Send the head of a Tidemark server's answer."""
        self.send_response(status)
        claims = "v=1, mechanisms=(poll long-poll sse), max-wait=60"
        for name, value in {"Tidemark": claims, "Content-Type": kind, **fields}.items():
            self.send_header(name, value)
        self.end_headers()

    def stream(self, text: str) -> None:
        """Begin a stream, or send more of it."""
        self.wfile.write(text.encode())
        self.wfile.flush()


Answering = Callable[[Handler, Query, int], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: Answering
    asked: List[Query]


class Origin:
    """The server, for as long as a `with` lasts."""

    def __init__(self, answer: Answering) -> None:
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.answer = answer
        self.asked = self._server.asked = []
        self.url = f"http://127.0.0.1:{self._server.server_port}/channels/a"

    def __enter__(self) -> "Origin":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def opening(position: str, retry: int = 1, heartbeat: int = 15) -> str:
    """The first block of a stream."""
    return f'event: $open\nretry: {retry}\ndata: {{"heartbeat":{heartbeat}}}\nid: {position}\n\n'


def block(cursor: str, data: str = "1") -> str:
    """A message."""
    return f"data: {data}\nid: {cursor}\n\n"


def closing(position: str) -> str:
    """The end of a channel."""
    return f"event: $closed\ndata: {{}}\nid: {position}\n\n"


def message(cursor: str, data: Any = 1) -> Dict[str, Any]:
    """A message of a page."""
    return {"cursor": cursor, "data": data}
