"""HTTP itself, and the server's shutdown."""

from __future__ import annotations

import socket
import threading
import time
import unittest

from .harness import Server

GET = b"GET /channels/x HTTP/1.1\r\nHost: x\r\n"


def read_all(sock: socket.socket) -> bytes:
    """All bytes until the server ends the connection."""
    received = bytearray()
    while data := sock.recv(65536):
        received += data
    sock.close()
    return bytes(received)


class HttpTest(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server("--declared", "x,y", "--writer", "https://app.example")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()

    def test_pipelined_requests_are_answered_in_order(self) -> None:
        post = b"POST /channels/y HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        received = read_all(
            self.server.send(b"\r\n" + GET + b"\r\n" + post + GET + b"Connection: close\r\n\r\n")
        )
        statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
        self.assertEqual(statuses, [b"200", b"415", b"200"])

    def test_http_1_0_ends_after_one_answer(self) -> None:
        received = read_all(self.server.send(b"GET /channels/x HTTP/1.0\r\n\r\n"))
        self.assertIn(b"\r\nConnection: close\r\n", received)

    def test_stream_is_chunked_over_http_1_1(self) -> None:
        self.server.request("POST", "y", {"close": True})
        request = b"GET /channels/y?stream=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        received = read_all(self.server.send(request))
        self.assertIn(b"Transfer-Encoding: chunked", received)
        self.assertIn(b"event: $closed\n", received)
        self.assertTrue(received.endswith(b"\r\n0\r\n\r\n"))

    def test_broken_requests(self) -> None:
        for request, status in (
            (b"nonsense\r\n\r\n", b"400"),
            (b"GET /channels/x HTTP/1.1\r\n\r\n", b"400"),
            (GET + b"a : b\r\n\r\n", b"400"),
            (GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
            (GET + b"a: " + b"x" * 20000 + b"\r\n\r\n", b"431"),
        ):
            with self.subTest(request=request[:60]):
                self.assertEqual(read_all(self.server.send(request))[9:12], status)

    def test_methods_and_other_origins(self) -> None:
        self.assertEqual(self.server.request("GET", "z").problem, "no-such-channel")
        self.assertEqual(self.server.request("DELETE", "z").status, 204)
        put = self.server.request("PUT", "x")
        self.assertEqual((put.problem, "GET" in put.headers["Allow"]), ("method-not-allowed", True))
        options = self.server.request("OPTIONS", "x")
        self.assertEqual((options.status, options.headers["Content-Length"]), (204, None))
        self.assertIn("Last-Event-ID", options.headers["Access-Control-Allow-Headers"])
        for reply in (put, options):
            self.assertTrue(reply.headers["Tidemark"].startswith("v=1, "))
            self.assertEqual(reply.headers["Cache-Control"], "no-store")

    def test_expect_continue(self) -> None:
        sock = self.server.send(
            b"POST /channels/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        self.assertEqual(sock.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
        sock.sendall(b"{}")
        self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 400 "))
        sock.close()

    def test_only_pages_of_listed_origins_may_write(self) -> None:
        for origin, lets_write in (("https://app.example", True), ("https://evil.example", False)):
            page = {"Origin": origin}
            for method, body, done in (("POST", {"messages": [{"data": 1}]}, 200), ("DELETE", None, 204)):
                reply = self.server.request(method, "x", body, page)
                self.assertEqual(reply.status, done if lets_write else 403)
            self.assertEqual(self.server.request("GET", "x", None, page).status, 200)
            allowed = self.server.request("OPTIONS", "x", None, page).headers
            self.assertEqual("POST" in allowed["Access-Control-Allow-Methods"], lets_write)
            self.assertEqual("Idempotency-Key" in allowed["Access-Control-Allow-Headers"], lets_write)

    def test_sigterm_shuts_the_server_down(self) -> None:
        server = Server()
        cursor = server.publish("x", 1)[0]
        stream = server.stream("x?after=end")
        stream.block()
        idle = server.send(b"")
        threading.Timer(0.2, server.process.terminate).start()
        began = time.monotonic()
        page = server.request("GET", f"x?after={cursor}&wait=30").json
        self.assertEqual((page["messages"], page["cursor"]), ([], cursor))
        self.assertGreater(page["retry"], 0)
        self.assertIsNone(stream.block())
        self.assertEqual(idle.recv(1), b"")
        self.assertEqual(server.process.wait(5), 0)
        self.assertLess(time.monotonic() - began, 15, "half of the wait")
        stream.close()
        idle.close()
        server.stop()
