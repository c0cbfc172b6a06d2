"""Answers that a client must not believe, and servers that have nothing new."""

from __future__ import annotations

import threading
import unittest
from typing import List

from tidemark_client import Client, Refused, publish

from .origin import Answering, Handler, Origin, Query, block, closing, message, opening


def cursors(url: str, mechanism: str, seconds: float = 20.0, after: str = "start") -> List[str]:
    """The cursors of all messages that a client delivers until the channel is closed or the time is over."""
    client = Client(url, mechanism, after=after, wait=1, first_pause=0.01)
    timer = threading.Timer(seconds, client.stop)
    timer.start()
    try:
        return [each.cursor for each in client.messages()]
    finally:
        timer.cancel()


class MisplacedTest(unittest.TestCase):
    def test_pages_from_before_the_position(self) -> None:
        def drops_the_query(handler: Handler, query: Query, number: int) -> None:
            if number < 5:
                handler.page(messages=[message("P1"), message("P2")], cursor="P2")
            else:
                handler.page(messages=[message("P3")], cursor="P3", closed=True)

        with Origin(drops_the_query) as origin:
            self.assertEqual(cursors(origin.url, "long-poll"), ["P1", "P2", "P3"])
            self.assertEqual([query["after"] for query in origin.asked], ["start", *["P2"] * 4])

    def test_streams_that_begin_elsewhere(self) -> None:
        def drops_the_query(handler: Handler, query: Query, number: int) -> None:
            handler.begin("text/event-stream")
            if number < 4:
                handler.stream(opening("P0") + block("P1") + block("P2"))
            else:
                handler.stream(opening("P2") + closing("P2"))

        with Origin(drops_the_query) as origin:
            self.assertEqual(cursors(origin.url, "sse"), ["P1", "P2"])
            self.assertEqual(len(origin.asked), 4)


def empty(retry: int) -> Answering:
    """An empty page that asks the client to return at once."""
    return lambda handler, query, number: handler.page(cursor="P1", retry=retry)


def stream(text: str) -> Answering:
    """A stream that ends after this."""

    def answer(handler: Handler, query: Query, number: int) -> None:
        handler.begin("text/event-stream")
        handler.stream(text)

    return answer


class PublishTest(unittest.TestCase):
    def test_gives_up_after_three_foreign_answers(self) -> None:
        def stranger(handler: Handler, query: Query, number: int) -> None:
            handler.begin("text/html", {"Tidemark": "v=9", "Content-Length": "0"}, 404)

        with Origin(stranger) as origin:
            with self.assertRaises(Refused):
                publish(origin.url, [{"data": 1}], first_pause=0.01)
            self.assertEqual(len(origin.asked), 3)


class IntervalTest(unittest.TestCase):
    def test_at_most_ten_requests_in_two_seconds(self) -> None:
        beat = "event: $heartbeat\ndata: {}\nid: P1\n\n"
        idle = {
            "poll": [empty(0), empty(1)],
            "long-poll": [empty(0), empty(1)],
            "sse": [stream(opening("P1")), stream(opening("P1") + beat), stream("retry: 1\n\n"), stream("")],
        }
        for mechanism, answers in idle.items():
            for answer in answers:
                with self.subTest(mechanism), Origin(answer) as origin:
                    self.assertEqual(cursors(origin.url, mechanism, 2.0, "P1"), [])
                    self.assertLessEqual(len(origin.asked), 10)
                    self.assertGreaterEqual(len(origin.asked), 2)

    def test_no_pause_after_a_message(self) -> None:
        def one(handler: Handler, query: Query, number: int) -> None:
            end = {"closed": True} if number == 40 else {}
            handler.page(messages=[message(f"P{number}")], cursor=f"P{number}", retry=1, **end)

        with Origin(one) as origin:
            self.assertEqual(len(cursors(origin.url, "poll", 8.0)), 40)


if __name__ == "__main__":
    unittest.main()
