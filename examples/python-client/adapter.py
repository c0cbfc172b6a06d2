#!/usr/bin/env python3
"""Translates the orders of the conformance suite into calls of this client."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any, Dict, List, Optional

from tidemark_client import Client, Gap, GapError, Message, Refused, publish

_lock = threading.Lock()


def tell(**line: Any) -> None:
    """Send a line to the suite."""
    with _lock:
        print(json.dumps({k: v for k, v in line.items() if v is not None or k == "data"}), flush=True)


class Memory:
    """A store that outlives a client."""

    def __init__(self) -> None:
        self.cursor: Optional[str] = None

    def load(self) -> Optional[str]:
        return self.cursor

    def save(self, cursor: str) -> None:
        self.cursor = cursor


class Reading:
    """A subscription, across restarts of its client."""

    def __init__(self, order: Dict[str, Any]) -> None:
        self.order = order
        self.store = Memory()
        self.told: List[Message] = []
        self.credentials = list(order.get("credentials", []))
        self.start()

    def restart(self) -> None:
        """Replace the client by a new one; the old one is detached before it ends, so it reports nothing."""
        old = self.client
        self.client = self.make_client()
        old.stop()
        threading.Thread(target=self.follow, args=(self.client,), daemon=True).start()

    def start(self) -> None:
        """Start a client at the stored position."""
        self.client = self.make_client()
        threading.Thread(target=self.follow, args=(self.client,), daemon=True).start()

    def make_client(self) -> Client:
        """Create a client for the order, with the existing store."""
        order, options = self.order, self.order["options"]
        return Client(
            order["url"],
            order["mechanism"],
            after=order.get("after", "start"),
            wait=int(options.get("waitMs", 25_000) / 1000),
            headers=self.headers,
            on_gap=self.on_gap,
            store=self.store,
            first_pause=options.get("reconnectMs", 1000) / 1000,
        )

    def headers(self, unauthorized: bool) -> Dict[str, str]:
        if unauthorized and self.credentials:
            self.credentials.pop(0)
        time.sleep(self.order.get("credentialsMs", 0) / 1000)  # the application takes its time
        own: Dict[str, str] = dict(self.order.get("headers", {}))
        return {**own, "Authorization": self.credentials[0]} if self.credentials else own

    def on_gap(self, gap: Gap) -> Optional[str]:
        tell(type="gap", id=self.order["id"], reason=gap.reason)
        choice: Optional[str] = self.order.get("gap")
        return choice

    def follow(self, client: Client) -> None:
        """Report everything that one client delivers."""
        name = self.order["id"]
        try:
            for message in client.messages():
                if client is not self.client:
                    return
                self.told.append(message)
                cursor, event, data = message
                n = len(self.told)
                tell(type="message", id=name, n=n, cursor=cursor, event=event, data=data)
                if self.order["commit"] == "auto":
                    client.commit(message)
            if client is self.client:
                tell(type="done", id=name)
        except (GapError, Refused) as error:
            status = getattr(error, "status", None)
            tell(type="error", id=name, terminal=True, status=status, detail=str(error))


def publish_for(order: Dict[str, Any]) -> None:
    """Publish, and report the outcome."""
    first_pause = order["options"].get("reconnectMs", 1000) / 1000
    try:
        publish(order["url"], order["messages"], order.get("key", True), first_pause)
        tell(type="published", id=order["id"])
    except Exception as error:  # The suite needs to learn of any failure.
        status = getattr(error, "status", None)
        tell(type="error", id=order["id"], terminal=True, status=status, detail=str(error))


def main() -> None:
    """Execute orders until `bye` or the end of the input."""
    readings: Dict[str, Reading] = {}
    capabilities = ["after", "headers", "credentials", "gap-choice", "store"]
    tell(
        type="hello",
        contract=1,
        name="tidemark-python",
        version="0.1.0",
        language="Python",
        mechanisms=["poll", "long-poll", "sse"],
        capabilities=[*capabilities, "publish", "publish-without-key"],
    )
    for line in sys.stdin:
        order = json.loads(line)
        kind, name = order["type"], order.get("id", "")
        if kind == "bye":
            return
        if kind == "open":
            readings[name] = Reading(order)
        elif kind == "publish":
            threading.Thread(target=publish_for, args=(order,), daemon=True).start()
        elif kind == "commit":
            reading = readings[name]
            reading.client.commit(reading.told[order["n"] - 1])
        elif kind == "restart":
            readings[name].restart()
        elif kind == "close" and name in readings:  # A publish ends by itself.
            readings.pop(name).client.stop()


if __name__ == "__main__":
    main()
