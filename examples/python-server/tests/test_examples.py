"""The examples of the specification, run as core says under "Examples"."""

from __future__ import annotations

import json
import re
import threading
import unittest
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

from .harness import Server, new_channel

SPEC = Path(__file__).resolve().parents[3] / "spec"
BLOCK = re.compile(r"^```http id=(\S+)(?: then=(\S+))?\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(r"\{(\*|[a-z][0-9]+)\}")
BARE_PLACE = re.compile(r"(?<=:)(\{[a-z][0-9]+\})")


class Example(NamedTuple):
    """A request and the answer to it."""

    name: str
    then: str
    method: str
    target: str
    fields: Dict[str, str]
    body: str
    status: int
    answer_fields: Dict[str, str]
    answer_body: str


def read_examples(path: Path) -> List[Example]:
    """All examples of a chapter."""
    examples = []
    for name, then, text in BLOCK.findall(path.read_text("utf-8")):
        request, _, answer = text.partition("\nHTTP/1.1 ")
        head, _, body = request.strip("\n").partition("\n\n")
        (method, target, _), fields = read_head(head)
        answer_head, _, answer_body = answer.partition("\n\n")
        (status, *_), answer_fields = read_head(answer_head)
        example = (method, target, fields, body, int(status), answer_fields, answer_body)
        examples.append(Example(name, then, *example))
    return examples


def read_head(text: str) -> Any:
    """The words of the first line, and the fields."""
    first, *lines = text.split("\n")
    return first.split(" ", 2), dict(line.split(": ", 1) for line in lines)


@unittest.skipUnless(SPEC.is_dir(), "the specification is not here")
class ExamplesTest(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()

    def setUp(self) -> None:
        self.places: Dict[str, str] = {}
        self.channel = new_channel()

    def test_polling(self) -> None:
        self.run_chapter("polling")

    def test_long_polling(self) -> None:
        self.run_chapter("long-polling")

    def test_sse(self) -> None:
        self.run_chapter("sse")

    def test_publishing(self) -> None:
        self.run_chapter("publishing")

    def run_chapter(self, name: str) -> None:
        """Run the examples in order; one that another brings about runs only then."""
        examples = {example.name: example for example in read_examples(SPEC / f"{name}.md")}
        self.assertTrue(examples)
        brought_about = {example.then for example in examples.values()}
        for example in examples.values():
            if example.name in brought_about:
                continue
            if example.then:
                threading.Timer(0.1, self.run_one, (examples[example.then],)).start()
            self.run_one(example)

    def run_one(self, example: Example) -> None:
        """Send the request of an example and compare the answer."""
        with self.subTest(example.name):
            target = re.sub(r"^/channels/\w+", self.channel, self.fill(example.target))
            fields = {name: self.fill(value) for name, value in example.fields.items()}
            if example.answer_fields.get("Content-Type") == "text/event-stream":
                lines = [f"{name}: {value}" for name, value in fields.items() if name != "Host"]
                stream = self.server.stream(target, *lines)
                self.addCleanup(stream.close)
                self.assertEqual(stream.status, example.status)
                for block in example.answer_body.split("\n\n"):
                    expected = dict(line.split(": ", 1) for line in block.split("\n"))
                    self.match_block(expected, stream.block() or {})
                return
            body = self.fill(example.body).encode() or None
            reply = self.server.request(example.method, target, body, fields)
            self.assertEqual(reply.status, example.status)
            for name, value in example.answer_fields.items():
                self.match(value, reply.headers[name])
            if example.answer_body:
                self.match(parse(example.answer_body), reply.json)

    def match_block(self, expected: Dict[str, str], actual: Dict[str, str]) -> None:
        """Compare two blocks of a stream, data as JSON."""
        self.match({**expected, "data": None}, {**actual, "data": None})
        self.match(parse(expected["data"]), json.loads(actual["data"]))

    def fill(self, text: str) -> str:
        """The text with what is known in its places."""
        return PLACE.sub(lambda match: self.places[match[1]], text)

    def match(self, expected: Any, actual: Any) -> None:
        """Compare two values; a place takes what the server chose, and keeps it."""
        if isinstance(expected, dict):
            self.assertEqual(set(expected), set(actual))
            for name, value in expected.items():
                self.match(value, actual[name])
        elif isinstance(expected, list):
            self.assertEqual(len(expected), len(actual))
            for left, right in zip(expected, actual):
                self.match(left, right)
        elif isinstance(expected, str) and (place := PLACE.fullmatch(expected)):
            if place[1] != "*":
                self.assertEqual(str(actual), self.places.setdefault(place[1], str(actual)))
        else:
            self.assertEqual(expected, actual)


def parse(text: str) -> Any:
    """JSON in which a place can stand for a number."""
    return json.loads(BARE_PLACE.sub(r'"\1"', text))
