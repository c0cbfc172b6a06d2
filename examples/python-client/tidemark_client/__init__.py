"""A Tidemark client that uses only the standard library, written from the specification alone."""

from .client import Client, Gap, Message
from .failures import GapError, Refused, TooLarge
from .publishing import publish

__all__ = ["Client", "Gap", "GapError", "Message", "Refused", "TooLarge", "publish"]
