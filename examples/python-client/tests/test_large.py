"""One limit on messages in every mechanism, and two ways to continue after a larger one."""

from __future__ import annotations

import json
import unittest
from typing import Any, List

from tidemark_client import Client, TooLarge

from .origin import Handler, Origin, Query, block, closing, message, opening

SIZES = {"P1": 6, "P2": 20_000, "P3": 5}


def serve(handler: Handler, query: Query, number: int) -> None:
    """A small message, a large one, and a small one."""
    after = query["after"]
    left = [cursor for cursor in SIZES if after == "start" or cursor > after]
    if "stream" in query:
        handler.begin("text/event-stream")
        blocks = [block(cursor, json.dumps("x" * (SIZES[cursor] - 2))) for cursor in left]
        return handler.stream(opening("P0" if after == "start" else after) + "".join(blocks) + closing("P3"))
    messages = [message(cursor, "x" * (SIZES[cursor] - 2)) for cursor in left]
    handler.page(messages=messages, cursor="P3", closed=True)


def cursors(url: str, mechanism: str, **options: Any) -> List[str]:
    """The cursors of all messages until the channel is closed."""
    return [each.cursor for each in Client(url, mechanism, wait=1, **options).messages()]


class LargeTest(unittest.TestCase):
    def test_the_limit(self) -> None:
        for mechanism in ("poll", "long-poll", "sse"):
            with self.subTest(mechanism), Origin(serve) as origin:
                self.assertEqual(cursors(origin.url, mechanism), list(SIZES))
                self.assertEqual(cursors(origin.url, mechanism, max_message=20_000), list(SIZES))
                seen: List[str] = []
                with self.assertRaises(TooLarge) as caught:
                    for each in Client(origin.url, mechanism, wait=1, max_message=19_999).messages():
                        seen.append(each.cursor)
                self.assertEqual((seen, caught.exception.cursor), (["P1"], "P2"))
                self.assertIn(caught.exception.size - 20_000, range(100))
                skipping = cursors(origin.url, mechanism, max_message=100, on_too_large=lambda error: True)
                self.assertEqual(skipping, ["P1", "P3"])
                self.assertEqual(cursors(origin.url, mechanism, max_message=100, after="P2"), ["P3"])


if __name__ == "__main__":
    unittest.main()
