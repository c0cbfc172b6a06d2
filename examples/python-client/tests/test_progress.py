"""Bytes of an answer are progress, however slow the link; only silence means a dead connection."""

from __future__ import annotations

import json
import time
import unittest
from typing import Any, Dict, List, Tuple

from tidemark_client import Client, publish

from .origin import Handler, Origin, Query, closing, message, opening

BIG = "x" * 20_000
PIECES = 30
#: All pieces together take three times as long as the longest silence that the test allows.
PAUSE = 0.1


def drip(handler: Handler, text: str, pause: float = PAUSE) -> None:
    """Send a text piece by piece."""
    size = -(-len(text) // PIECES)
    for at in range(0, len(text), size):
        handler.stream(text[at : at + size])
        time.sleep(pause)


def follow(url: str, mechanism: str, **options: Any) -> Tuple[List[Any], float]:
    """The data of all messages until the channel is closed, and how long that took."""
    began = time.monotonic()
    client = Client(url, mechanism, wait=1, first_pause=0.01, **options)
    return [each.data for each in client.messages()], time.monotonic() - began


class ProgressTest(unittest.TestCase):
    def test_a_slow_page(self) -> None:
        page = {"messages": [message("P1", BIG)], "cursor": "P1", "more": False, "closed": True}

        def slowly(handler: Handler, query: Query, number: int) -> None:
            handler.begin("application/json")
            drip(handler, json.dumps(page))

        for mechanism in ("poll", "long-poll"):
            with self.subTest(mechanism), Origin(slowly) as origin:
                seen, _ = follow(origin.url, mechanism, connect_timeout=0.5 if mechanism == "poll" else 0.0)
                self.assertEqual(seen, [BIG])
                self.assertEqual(len(origin.asked), 1)

    def test_a_slow_message(self) -> None:
        def slowly(handler: Handler, query: Query, number: int) -> None:
            handler.begin("text/event-stream")
            handler.stream(opening("P0", heartbeat=1))
            drip(handler, f"data: {json.dumps(BIG)}\nid: P1\n\n")
            handler.stream(closing("P1"))

        with Origin(slowly) as origin:
            self.assertEqual(follow(origin.url, "sse")[0], [BIG])
            self.assertEqual(len(origin.asked), 1)

    def test_comments_are_not_progress(self) -> None:
        def alive(handler: Handler, query: Query, number: int) -> None:
            handler.begin("text/event-stream")
            handler.stream(opening("P0", heartbeat=1))
            if number > 1:
                return handler.stream(closing("P0"))
            while True:
                drip(handler, ": alive\n" * PIECES)

        with Origin(alive) as origin:
            _, took = follow(origin.url, "sse")
            self.assertEqual(len(origin.asked), 2)
            self.assertGreater(took, 1.9)

    def test_silence_means_a_dead_connection(self) -> None:
        def silent(handler: Handler, query: Query, number: int) -> None:
            if number > 1:
                return handler.page(cursor="P0", closed=True)
            handler.begin("application/json", {"Content-Length": "100"})
            handler.stream('{"messages":[')
            time.sleep(3)

        with Origin(silent) as origin:
            _, took = follow(origin.url, "poll", connect_timeout=0.5)
            self.assertEqual(len(origin.asked), 2)
            self.assertLess(took, 2.5)

    def test_a_large_publish(self) -> None:
        def slowly(handler: Handler, query: Query, number: int) -> None:
            body = json.dumps({"cursors": ["P1"], "cursor": "P1"}).encode()
            handler.begin("application/json", {"Content-Length": str(len(body))})
            handler.wfile.write(body)

        with Origin(slowly) as origin:
            self.assertEqual(publish(origin.url, [{"data": "x" * 300_000}]), ["P1"])

    def test_headers_may_take_their_time(self) -> None:
        def headers(unauthorized: bool) -> Dict[str, str]:
            time.sleep(1.0)
            return {}

        with Origin(lambda handler, query, number: handler.page(cursor="P0", closed=True)) as origin:
            follow(origin.url, "poll", headers=headers, connect_timeout=0.5)
            self.assertEqual(len(origin.asked), 1)


if __name__ == "__main__":
    unittest.main()
