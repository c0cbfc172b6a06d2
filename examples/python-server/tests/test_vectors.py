"""The vectors of the specification, if they are available."""

from __future__ import annotations

import base64
import json
import unittest
from decimal import Decimal
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from tidemark.grammar import is_cursor, is_event_name, is_position, parse_key
from tidemark.problems import Problem
from tidemark.publishing import parse_publication
from tidemark.query import Query, choose_mechanism, parse_query
from tidemark.settings import Settings

from .harness import Server

VECTORS = Path(__file__).resolve().parents[3] / "spec" / "vectors"
SETTINGS = Settings(max_wait=60, max_limit=1000)


@unittest.skipUnless(VECTORS.is_dir(), "the specification is not here")
class VectorTest(unittest.TestCase):
    def vectors(self, name: str) -> Iterator[Dict[str, Any]]:
        """Each vector of a file as a subtest."""
        for vector in json.loads((VECTORS / f"{name}.json").read_text("utf-8")):
            with self.subTest(vector["id"]):
                yield vector

    def test_cursors(self) -> None:
        for vector in self.vectors("cursors"):
            self.assertEqual(is_cursor(vector["text"]), vector["cursor"])
            self.assertEqual(is_position(vector["text"]), vector["position"])

    def test_event_names(self) -> None:
        for vector in self.vectors("event-names"):
            self.assertEqual(is_event_name(vector["text"]), vector["valid"])

    def test_idempotency_keys(self) -> None:
        for vector in self.vectors("idempotency-keys"):
            self.assertEqual(parse_key(vector["header"]), vector["key"])

    def test_choice(self) -> None:
        for vector in self.vectors("choice"):
            query = Query(stream=vector["stream"], wait=1 if vector["wait"] else None)
            mechanism: Optional[str] = None
            try:
                mechanism = choose_mechanism(query, vector["accept"], vector["offers"])
            except Problem as problem:
                self.assertEqual(problem.name, "not-acceptable")
            self.assertEqual(mechanism, vector["mechanism"])

    def test_parameters(self) -> None:
        for vector in self.vectors("parameters"):
            if not {"long-poll", "event"} <= set(vector["offers"]):
                continue  # This server offers everything.
            try:
                query = parse_query(vector["query"].encode(), SETTINGS)
            except Problem as problem:
                got = {"type": problem.name, "parameter": problem.members["parameter"]}
                self.assertEqual(got, vector.get("problem"))
                continue
            self.assertIn("expect", vector)
            expected = vector["expect"]
            self.assertEqual(query.after, expected.get("after"))
            self.assertEqual(query.limit, expected.get("limit", SETTINGS.default_limit))
            self.assertEqual((query.gap, query.wait), (expected.get("gap"), expected.get("wait")))
            self.assertEqual(query.stream, expected.get("stream", False))
            events = frozenset(expected["event"]) if "event" in expected else None
            self.assertEqual(query.events, events)

    def test_publish_bodies(self) -> None:
        for vector in self.vectors("publish-bodies"):
            body = vector["body"]
            text = body.encode() if isinstance(body, str) else base64.b64decode(body["base64"])
            try:
                publication = parse_publication(text, SETTINGS)
            except Problem as problem:
                self.assertEqual(problem.name, vector.get("problem"))
                if "pointer" in vector:
                    self.assertEqual(problem.members["pointer"], vector["pointer"])
                continue
            self.assertIn("expect", vector)
            expected = vector["expect"]
            messages = expected["messages"]
            entries = [(message.get("event", "message"), message["data"]) for message in messages]
            self.assertEqual(publication.entries, entries)
            self.assertEqual(publication.close, expected["close"])
            self.assertEqual(publication.after, expected.get("after"))

    def test_values(self) -> None:
        server = Server()
        self.addCleanup(server.stop)
        for vector in self.vectors("values"):
            body = b'{"messages":[{"data":%b}]}' % vector["published"].encode()
            cursor = server.request("POST", "x", body).json["cursor"]
            page = exact(server.request("GET", "x?limit=1000").body)["messages"]
            data = next(each["data"] for each in page if each["cursor"] == cursor)
            self.assertEqual(data, exact(vector["published"]))
            self.assertEqual(data == exact(vector["received"]), vector["equal"])

    def test_last_event_id(self) -> None:
        server = Server()
        self.addCleanup(server.stop)
        first = server.request("GET", "x?after=end").json["cursor"]
        known = [first, *server.publish("x", 1, 2, 3)]
        cursors = dict(zip(("start", "e.1", "e.2", "e.3"), known))
        for vector in self.vectors("last-event-id"):
            query, last_id = vector["query"], vector["lastEventId"]
            for name in ("e.1", "e.2"):
                query = query.replace(name, cursors[name])
            fields = {}
            if last_id is not None:
                fields["Last-Event-ID"] = cursors[last_id] if last_id in ("e.1", "e.2") else last_id
            expected = cursors[vector["position"]] if "position" in vector else vector["begin"]
            self.assertEqual(begin_of(server, f"x?limit=1&{query}", fields, known), expected)


class Number:
    """A number that is equal only to numbers of the same decimal value."""

    def __init__(self, text: str) -> None:
        self._value = Decimal(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self._value == other._value


def exact(text: str | bytes) -> Any:
    """JSON whose numbers are not rounded."""
    return json.loads(text, parse_int=Number, parse_float=Number)


def begin_of(server: Server, target: str, fields: Dict[str, str], known: List[str]) -> str:
    """The known cursor where a read begins, or the name of its problem."""
    if "stream=1" in target:
        stream = server.stream(target, *(f"{name}: {value}" for name, value in fields.items()))
        try:
            opened = stream.block() if stream.status == 200 else None
        finally:
            stream.close()
        return opened["id"] if opened else {400: "invalid-parameter", 410: "gap"}[stream.status]
    page = server.request("GET", target, headers=fields).json
    return known[known.index(page["messages"][0]["cursor"]) - 1]
