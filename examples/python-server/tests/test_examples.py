"""The examples of the specification, run as core says under "Examples"."""

from __future__ import annotations

import json
import re
import threading
import unittest
from pathlib import Path
from typing import Any, Dict

from .harness import Server, new_channel

EXAMPLES = Path(__file__).resolve().parents[3] / "spec" / "examples.json"
PLACE = re.compile(r"\{(\*|[a-z][0-9]+)\}")
BARE_PLACE = re.compile(r"(?<=:)(\{[a-z][0-9]+\})")
FREE_MEMBERS = {"detail", "retry"}
Example = Dict[str, Any]


@unittest.skipUnless(EXAMPLES.is_file(), "the specification is not here")
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
        """Run the examples in order; an example that another one triggers runs only then."""
        everything = json.loads(EXAMPLES.read_text("utf-8"))
        examples = {each["id"]: each for each in everything if each["chapter"] == f"{name}.md"}
        self.assertTrue(examples)
        brought_about = {example.get("then") for example in examples.values()}
        for example in examples.values():
            if example["id"] not in brought_about:
                if "then" not in example:
                    self.run_one(example)
                    continue
                other = threading.Timer(0.1, self.run_one, (examples[example["then"]],))
                other.start()
                self.run_one(example)
                other.join()

    def run_one(self, example: Example) -> None:
        """Send the request of an example and compare the answer."""
        with self.subTest(example["id"]):
            request, response = example["request"], example["response"]
            target = re.sub(r"^/channels/\w+", self.channel, self.fill(request["target"]))
            fields = {name: self.fill(value) for name, value in request["headers"].items()}
            if response["headers"].get("Content-Type") == "text/event-stream":
                self.run_stream(target, fields, response)
                return
            body = self.fill(request.get("body", "")).encode() or None
            reply = self.server.request(request["method"], target, body, fields)
            self.assertEqual(reply.status, response["status"])
            for name, value in response["headers"].items():
                self.match(value, reply.headers[name])
            if response.get("body"):
                self.match(parse(response["body"]), reply.json)

    def run_stream(self, target: str, fields: Dict[str, str], response: Dict[str, Any]) -> None:
        """The same for a stream; the example shows only its beginning."""
        lines = [f"{name}: {value}" for name, value in fields.items() if name != "Host"]
        stream = self.server.stream(target, *lines)
        self.addCleanup(stream.close)
        self.assertEqual(stream.status, response["status"])
        for block in response["body"].strip("\n").split("\n\n"):
            expected = dict(line.split(": ", 1) for line in block.split("\n"))
            self.match_block(expected, stream.block() or {})

    def match_block(self, expected: Dict[str, str], actual: Dict[str, str]) -> None:
        """Compare two blocks of a stream, data as JSON."""
        self.match({**expected, "data": None}, {**actual, "data": None})
        self.match(parse(expected["data"]), json.loads(actual["data"]))

    def fill(self, text: str) -> str:
        """The text with known values in place of their names."""
        return PLACE.sub(lambda match: self.places[match[1]], text)

    def match(self, expected: Any, actual: Any) -> None:
        """Compare two values; a placeholder takes the server's value and remembers it."""
        if isinstance(expected, dict):
            self.assertEqual(set(expected), set(actual) - (FREE_MEMBERS - set(expected)))
            for name, value in expected.items():
                self.match(value, actual[name])
        elif isinstance(expected, list):
            self.assertEqual(len(expected), len(actual))
            for left, right in zip(expected, actual):
                self.match(left, right)
        elif isinstance(expected, str) and PLACE.search(expected):
            places = PLACE.findall(expected)
            pattern = "(.+)".join(map(re.escape, PLACE.split(expected)[::2]))
            found = re.fullmatch(pattern, str(actual))
            assert found is not None, f"{actual} is not {expected}"
            for name, text in zip(places, found.groups()):
                self.match_place(name, text)
        else:
            self.assertEqual(expected, actual)

    def match_place(self, name: str, text: str) -> None:
        """Take the server's value; if the name occurs again, the value has to be the same."""
        if name == "*":
            return
        if name[0] == "c" and name not in self.places:
            self.assertNotIn(text, self.places.values())
        self.assertEqual(text, self.places.setdefault(name, text))


def parse(text: str) -> Any:
    """JSON in which a placeholder can replace a number."""
    return json.loads(BARE_PLACE.sub(r'"\1"', text))
