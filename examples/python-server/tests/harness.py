"""A server in its own process, and HTTP as bytes."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

SERVER = Path(__file__).resolve().parent.parent / "server.py"


class Reply(NamedTuple):
    """An answer that was read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The name of the problem."""
        return str(self.json["type"]).rpartition("/")[2]


class Server:
    """`server.py`, running."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, str(SERVER), "--port", "0", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        match = re.search(r":([0-9]+)/", self.process.stdout.readline())
        assert match is not None
        self.port = int(match[1])

    def stop(self) -> int:
        """Stop it gracefully; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def request(
        self, method: str, target: str, body: Any = None, headers: Optional[Dict[str, str]] = None
    ) -> Reply:
        """Send one request to a path below `/channels/`, on its own connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        fields = dict(headers or {})
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request(method, "/channels/" + target, body, fields)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def publish(self, channel: str, *data: Any) -> List[str]:
        """Publish values; returns their cursors."""
        reply = self.request("POST", channel, {"messages": [{"data": value} for value in data]})
        assert reply.status == 200, reply
        cursors: List[str] = reply.json["cursors"]
        return cursors

    def send(self, data: bytes) -> socket.socket:
        """Send raw bytes on a new connection."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        sock.sendall(data)
        return sock

    def stream(self, target: str, *fields: str) -> Stream:
        """Open a stream without chunks."""
        lines = [f"GET /channels/{target} HTTP/1.0", "Accept: text/event-stream", *fields, "", ""]
        return Stream(self.send("\r\n".join(lines).encode()))


class Stream:
    """Blocks of a `text/event-stream`."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._file = sock.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        while self._file.readline().strip():
            pass

    def block(self) -> Optional[Dict[str, str]]:
        """The fields of the next block, or `None` at the end."""
        fields: Dict[str, str] = {}
        for line in self._file:
            if line == b"\n":
                return fields
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields[name] = value
        return None

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self._socket.close()


def new_channel() -> str:
    """A name that no other test has."""
    return uuid.uuid4().hex
