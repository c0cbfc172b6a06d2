"""The header field `Tidemark`: a Dictionary of RFC 9651."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_NUMBER = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,3}(?![0-9])|-?[0-9]{1,15}(?![0-9.])")
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BYTES = re.compile(r":[A-Za-z0-9+/=]*:")
_DATE = re.compile(r"@-?[0-9]{1,15}(?![0-9.])")
_DISPLAY = re.compile(r'%"(?:[ !#$&-~]|%[0-9a-f]{2})*"')


class Token(str):
    """A Token, as opposed to a String."""


def read_claims(field: Optional[str]) -> Optional[Dict[str, Any]]:
    """The claims of a server of version 1; `None` if another server answered (CLI-RETRY-4, CORE-CLAIM-6)."""
    try:
        claims = _Parser(field or "").dictionary()
    except ValueError:
        return None
    return claims if type(claims.get("v")) is int and claims["v"] == 1 else None


def granted_wait(claims: Dict[str, Any], asked: int) -> int:
    """How long the server holds a request with this `wait`, in seconds."""
    longest = claims.get("max-wait")
    return min(asked, longest) if type(longest) is int and 1 <= longest <= 3600 else asked


class _Parser:
    """Reads a Dictionary from its text; anything else is a `ValueError`."""

    def __init__(self, text: str) -> None:
        self._text = text.strip(" ")
        self._at = 0

    def dictionary(self) -> Dict[str, Any]:
        members: Dict[str, Any] = {}
        while self._at < len(self._text):
            key = self._take(_KEY)
            members[key] = self._value() if self._next("=") else self._with_parameters(True)
            self._skip(" \t")
            if self._at == len(self._text):
                return members
            if not self._next(","):
                raise ValueError("missing comma")
            self._skip(" \t")
            if self._at == len(self._text):
                raise ValueError("trailing comma")
        return members

    def _value(self) -> Any:
        if not self._next("("):
            return self._item()
        items: List[Any] = []
        while True:
            self._skip(" ")
            if self._next(")"):
                return self._with_parameters(items)
            items.append(self._item())
            if self._at == len(self._text) or self._text[self._at] not in " )":
                raise ValueError("unterminated inner list")

    def _item(self) -> Any:
        return self._with_parameters(self._bare())

    def _bare(self) -> Any:
        first = self._text[self._at : self._at + 1]
        if first == "-" or first.isdigit():
            number = self._take(_NUMBER)
            return float(number) if "." in number else int(number)
        if first == "?":
            self._at += 1
            if self._next("1"):
                return True
            if self._next("0"):
                return False
            raise ValueError("invalid boolean")
        for start, pattern in ((":", _BYTES), ("@", _DATE), ("%", _DISPLAY), ('"', _STRING)):
            if first == start:
                return self._take(pattern)
        return Token(self._take(_TOKEN))

    def _with_parameters(self, value: Any) -> Any:
        while self._next(";"):
            self._skip(" ")
            self._take(_KEY)
            if self._next("="):
                self._bare()
        return value

    def _take(self, pattern: "re.Pattern[str]") -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"unexpected text at {self._at}")
        self._at = match.end()
        return match[0]

    def _next(self, char: str) -> bool:
        found = self._text.startswith(char, self._at)
        self._at += found
        return found

    def _skip(self, chars: str) -> None:
        while self._at < len(self._text) and self._text[self._at] in chars:
            self._at += 1
