"""The vectors of the specification that concern clients."""

from __future__ import annotations

import base64
import json
import unittest
from pathlib import Path
from typing import Any, Dict, Iterator, List

from tidemark_client.decoder import Decoder
from tidemark_client.failures import Gap, NetworkFailure
from tidemark_client.fields import Token, read_claims
from tidemark_client.grammar import is_cursor, name_of, read_problem
from tidemark_client.reading import Message, Step, parse_page
from tidemark_client.visit import Visit

VECTORS = Path(__file__).resolve().parents[3] / "spec" / "vectors"
#: The problems that a client has to distinguish; it treats every other one by its status.
NAMED = ("gap", "in-progress", "unavailable", "storage-full")


class VectorTest(unittest.TestCase):
    def vectors(self, name: str) -> Iterator[Dict[str, Any]]:
        """Each vector of a file as a subtest."""
        for vector in json.loads((VECTORS / f"{name}.json").read_text("utf-8")):
            with self.subTest(vector["id"]):
                yield vector

    def test_event_streams(self) -> None:
        for vector in self.vectors("event-stream"):
            chunks = [
                chunk.encode() if isinstance(chunk, str) else base64.b64decode(chunk["base64"])
                for chunk in vector["chunks"]
            ]
            whole = b"".join(chunks)
            single = [whole[at : at + 1] for at in range(len(whole))]
            expected = {key: vector[key] for key in ("events", "lastEventId", "retryMs")}
            for split in (chunks, [whole], single):
                self.assertEqual(decode(split), expected)

    def test_cursors(self) -> None:
        for vector in self.vectors("cursors"):
            self.assertEqual(is_cursor(vector["text"]), vector["cursor"])

    def test_pages(self) -> None:
        for vector in self.vectors("pages"):
            try:
                parse_page(vector["body"].encode())
            except NetworkFailure:
                self.assertFalse(vector["valid"])
            else:
                self.assertTrue(vector["valid"])

    def test_places(self) -> None:
        for vector in self.vectors("places"):
            visit = Visit(vector["asked"], vector["first"])
            try:
                visit.take(place(vector))
            except NetworkFailure:
                self.assertFalse(vector["believed"])
            else:
                self.assertTrue(vector["believed"])

    def test_problems(self) -> None:
        for vector in self.vectors("problems"):
            name = name_of(read_problem(vector["body"].encode()), vector["status"])
            expected = vector["problem"]
            self.assertEqual(name, expected if expected in NAMED else None)

    def test_claims(self) -> None:
        for vector in self.vectors("tidemark-header"):
            claims, expected = read_claims(vector["header"]), vector["claims"]
            self.assertEqual(claims is not None, (expected or {}).get("v") == 1)
            if claims is not None:
                mechanisms = claims.get("mechanisms", [Token("poll")])
                if not isinstance(mechanisms, list):
                    mechanisms = [Token("poll")]
                known = [
                    str(each)
                    for each in mechanisms
                    if isinstance(each, Token) and each in ("poll", "long-poll", "sse")
                ]
                self.assertEqual(sorted(set(known)), sorted(set(expected["mechanisms"])))


def place(vector: Dict[str, Any]) -> Step:
    """The page, or the first block of a stream, of a vector."""
    page, begin = vector.get("page", {}), vector.get("open", {})
    is_gap = page.get("gap") or begin.get("gap")
    gap = Gap("retention", vector["asked"], "e.0", "e.9") if is_gap else None
    messages = [Message(cursor, "message", None) for cursor in page.get("messages", [])]
    cursor = page.get("cursor", begin.get("id"))
    return Step(messages, cursor, page.get("more", False), gap=gap, begins=begin.get("id"))


def decode(chunks: List[bytes]) -> Dict[str, Any]:
    """What chunks decode to, as the vectors write it."""
    decoder = Decoder()
    blocks = [block for chunk in chunks for block in decoder.push(chunk)]
    events = [
        {"event": block.name, "data": block.data, "id": block.position}
        for block in blocks
        if block.data is not None
    ]
    last = blocks[-1].position if blocks else ""
    return {"events": events, "lastEventId": last, "retryMs": decoder.retry}


if __name__ == "__main__":
    unittest.main()
