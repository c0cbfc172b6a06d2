"""A strict JSON parser that keeps the text of every value.

`json.loads` would turn 1.10 into 1.1 and accept a repeated name, but a log has to deliver the
published data unchanged (CORE-MESSAGE-1, CORE-MESSAGE-2).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Dict, List, Union

MAX_DEPTH = 100
"""Limits the recursion of this parser."""

_TOKEN = re.compile(
    r"""[ \t\n\r]*(
      [][{},:]
    | "[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"
    | -?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?
    | true | false | null
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"true": True, "false": False, "null": None}


class Fault(Exception):
    """The text is invalid at `pointer` (RFC 6901); "" is the whole text."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


@dataclass(frozen=True)
class Number:
    """A number, kept as written."""

    text: str


@dataclass(frozen=True)
class Node:
    """A JSON value with its text (without white space) and its levels of nesting."""

    value: Union[Dict[str, "Node"], List["Node"], str, bool, Number, None]
    depth: int
    _tokens: List[str]
    _first: int
    _last: int

    @property
    def text(self) -> str:
        """The JSON text; without white space it contains neither CR nor LF (SSE-MESSAGE-1)."""
        return "".join(self._tokens[self._first : self._last])


def parse_json(body: bytes) -> Node:
    """Parse a whole body; raises `Fault` if it is not JSON in UTF-8 (PUB-BODY-1, PUB-BODY-2)."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise Fault("The body begins with a byte order mark")
    try:
        tokens = _split(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Fault("The body is not UTF-8") from error
    return _Parser(tokens).parse()


def _split(text: str) -> List[str]:
    tokens: List[str] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            break
        tokens.append(match[1])
        at = match.end()
    if _SPACE.fullmatch(text, at) is None:
        raise Fault(f"The body is not JSON at character {at}")
    return tokens


class _Parser:
    def __init__(self, tokens: List[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._path: List[str] = []

    def parse(self) -> Node:
        node = self._value()
        if self._at < len(self._tokens):
            raise Fault("The body goes on after its JSON value")
        return node

    def _take(self) -> str:
        if self._at == len(self._tokens):
            raise Fault("The body ends before its JSON value does")
        self._at += 1
        return self._tokens[self._at - 1]

    def _value(self) -> Node:
        first = self._at
        token = self._take()
        depth = 0
        value: Union[Dict[str, Node], List[Node], str, bool, Number, None]
        if token == "{":
            value = self._members()
            depth = 1 + max((child.depth for child in value.values()), default=0)
        elif token == "[":
            value = self._items()
            depth = 1 + max((child.depth for child in value), default=0)
        elif token[0] == '"':
            value = self._string(token)
        elif token in _WORDS:
            value = _WORDS[token]
        elif token in "},:]":
            raise Fault(f"The body is not JSON: unexpected {token}")
        else:
            value = Number(token)
        return Node(value, depth, self._tokens, first, self._at)

    def _members(self) -> Dict[str, Node]:
        members: Dict[str, Node] = {}
        if self._ends("}"):
            return members
        while True:
            token = self._take()
            if token[0] != '"':
                raise Fault("The body is not JSON: a member has no name")
            name = self._string(token)
            if self._take() != ":":
                raise Fault("The body is not JSON: a colon is missing")
            if name in members:
                raise Fault("A member name is repeated", self._pointer(name))
            members[name] = self._child(name)
            if self._closes("}"):
                return members

    def _items(self) -> List[Node]:
        items: List[Node] = []
        if self._ends("]"):
            return items
        while True:
            items.append(self._child(str(len(items))))
            if self._closes("]"):
                return items

    def _child(self, name: str) -> Node:
        self._path.append(name)
        if len(self._path) > MAX_DEPTH:
            raise Fault("The body is nested too deeply", self._pointer())
        node = self._value()
        self._path.pop()
        return node

    def _ends(self, end: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == end:
            self._at += 1
            return True
        return False

    def _closes(self, end: str) -> bool:
        token = self._take()
        if token not in (",", end):
            raise Fault(f"The body is not JSON: expected a comma or {end}")
        return token == end

    def _string(self, token: str) -> str:
        text: str = json.loads(token) if "\\" in token else token[1:-1]
        if _SURROGATE.search(text):
            raise Fault("A string has an unpaired surrogate", self._pointer())
        return text

    def _pointer(self, *more: str) -> str:
        names = [*self._path, *more]
        return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
