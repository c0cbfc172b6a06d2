"""The server, tested from outside."""

from __future__ import annotations

import json
import threading
import time
import unittest

from .harness import Server, new_channel


def setUpModule() -> None:
    ServerTest.server = Server("--heartbeat", "1", "--max-wait", "2", "--retain", "5")


def tearDownModule() -> None:
    ServerTest.server.stop()


class ServerTest(unittest.TestCase):
    """One server for all tests, and one channel for each test."""

    server: Server

    def setUp(self) -> None:
        self.channel = new_channel()


class PollingTest(ServerTest):
    def test_pages_follow_each_other(self) -> None:
        cursors = self.server.publish(self.channel, 1, 2, 3)
        first = self.server.request("GET", f"{self.channel}?limit=2").json
        self.assertEqual([message["data"] for message in first["messages"]], [1, 2])
        self.assertEqual((first["cursor"], first["more"]), (cursors[1], True))
        last = self.server.request("GET", f"{self.channel}?after={first['cursor']}").json
        self.assertEqual([message["data"] for message in last["messages"]], [3])
        self.assertEqual((last["cursor"], last["more"]), (cursors[2], False))

    def test_text_of_data_survives(self) -> None:
        data = r'[1.10,1E400,100000000000000000000,{"":"\u0000\/\ud83d\ude00"},-0]'
        self.server.request(
            "POST", self.channel, b'{"messages":[{"data": ' + data.encode() + b" }]}"
        )
        self.assertIn(data.encode(), self.server.request("GET", self.channel).body)

    def test_first_cursor_of_an_empty_channel_stays_valid(self) -> None:
        cursor = self.server.request("GET", f"{self.channel}?after=end").json["cursor"]
        self.server.publish(self.channel, "x")
        page = self.server.request("GET", f"{self.channel}?after={cursor}").json
        self.assertEqual([message["data"] for message in page["messages"]], ["x"])

    def test_filter(self) -> None:
        messages = [{"data": 1}, {"data": 2, "event": "a"}, {"data": 3, "event": "b"}]
        self.server.request("POST", self.channel, {"messages": messages})
        page = self.server.request("GET", f"{self.channel}?event=message,b").json
        self.assertEqual([message["data"] for message in page["messages"]], [1, 3])

    def test_validator(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        target = f"{self.channel}?after={cursor}"
        page = self.server.request("GET", target)
        self.assertEqual(page.headers["Cache-Control"], "private, no-cache")
        tag = page.headers["ETag"]
        again = self.server.request("GET", target, headers={"If-None-Match": f'"x", {tag}'})
        self.assertEqual((again.status, again.headers["ETag"], again.body), (304, tag, b""))
        self.server.publish(self.channel, 2)
        again = self.server.request("GET", target, headers={"If-None-Match": tag})
        self.assertEqual(again.status, 200)

    def test_head_is_a_poll_without_its_body(self) -> None:
        got = self.server.request("GET", self.channel)
        head = self.server.request("HEAD", f"{self.channel}?wait=2&stream=1")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.headers["Content-Length"], got.headers["Content-Length"])

    def test_parameters(self) -> None:
        digits = "9" * 5000
        for query, problem in (
            ("after=", "invalid-parameter"),
            ("after=lower", "invalid-parameter"),
            ("after=start&after=start", "invalid-parameter"),
            ("limit=00", "invalid-parameter"),
            ("event=error", "invalid-parameter"),
            ("stream=0", "invalid-parameter"),
            ("%61fter=%FF", "invalid-parameter"),
            ("after=Foreign", "gap"),
            (f"limit={digits}&wait={digits}&other=", None),
        ):
            with self.subTest(query=query[:40]):
                reply = self.server.request("GET", f"{self.channel}?{query}")
                self.assertEqual(reply.problem if reply.status >= 400 else None, problem)


class GapTest(ServerTest):
    def test_retention(self) -> None:
        cursors = self.server.publish(self.channel, *range(8))
        gap = self.server.request("GET", f"{self.channel}?after={cursors[0]}")
        self.assertEqual((gap.status, gap.problem, gap.json["reason"]), (410, "gap", "retention"))
        self.assertEqual((gap.json["start"], gap.json["end"]), (cursors[2], cursors[7]))
        page = self.server.request("GET", f"{self.channel}?after={cursors[0]}&gap=start").json
        self.assertEqual(page["gap"]["requested"], cursors[0])
        self.assertEqual([message["data"] for message in page["messages"]], [3, 4, 5, 6, 7])
        self.assertEqual(
            self.server.request("GET", f"{self.channel}?after={cursors[2]}").status, 200
        )

    def test_removal_begins_a_new_epoch(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        self.assertEqual(self.server.request("DELETE", self.channel).status, 204)
        self.assertNotEqual(self.server.publish(self.channel, 1)[0], cursor)
        other = self.server.publish(new_channel(), 1)[0]
        gap = self.server.request("GET", f"{self.channel}?after={other}").json
        self.assertEqual(gap["reason"], "unknown")
        gap = self.server.request("GET", f"{self.channel}?after={cursor}").json
        self.assertEqual(gap["reason"], "epoch")

    def test_removal_of_nothing_changes_nothing(self) -> None:
        def end() -> str:
            return str(self.server.request("GET", f"{self.channel}?after=end").json["cursor"])

        first = end()
        self.assertEqual(self.server.request("DELETE", self.channel).status, 204)
        self.assertEqual(end(), first)
        self.server.request("POST", self.channel, {"close": True})
        self.assertEqual(self.server.request("DELETE", self.channel).status, 204)
        self.assertNotEqual(end(), first)


class LongPollTest(ServerTest):
    def test_wakes_for_a_message(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        threading.Timer(0.1, self.server.publish, (self.channel, 2)).start()
        began = time.monotonic()
        reply = self.server.request("GET", f"{self.channel}?after={cursor}&wait=2")
        self.assertLess(time.monotonic() - began, 1)
        self.assertEqual([message["data"] for message in reply.json["messages"]], [2])
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        self.assertIsNone(reply.headers["ETag"])

    def test_answers_at_once_when_it_must_not_hold(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        for query in ("wait=2&after=end", f"wait=0&after={cursor}", "wait=2&after=Other&gap=end"):
            began = time.monotonic()
            page = self.server.request("GET", f"{self.channel}?{query}").json
            self.assertEqual((page["messages"], page["cursor"]), ([], cursor))
            self.assertLess(time.monotonic() - began, 0.5)

    def test_close_ends_the_hold(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        threading.Timer(0.1, self.server.request, ("POST", self.channel, {"close": True})).start()
        page = self.server.request("GET", f"{self.channel}?after={cursor}&wait=2").json
        self.assertEqual((page["closed"], page["cursor"]), (True, cursor))


class StreamTest(ServerTest):
    def test_open_messages_heartbeat_closed(self) -> None:
        stream = self.server.stream(f"{self.channel}?after=end")
        opened = stream.block()
        assert opened is not None
        self.assertEqual(list(opened), ["event", "retry", "data", "id"])
        self.assertEqual(json.loads(opened["data"]), {"heartbeat": 1})
        cursor = self.server.publish(self.channel, {"a": 1})[0]
        self.assertEqual(stream.block(), {"data": '{"a":1}', "id": cursor})
        self.assertEqual(stream.block(), {"event": "$heartbeat", "data": "{}", "id": cursor})
        self.server.request("POST", self.channel, {"close": True})
        self.assertEqual(stream.block(), {"event": "$closed", "data": "{}", "id": cursor})
        self.assertIsNone(stream.block())
        stream.close()
        again = self.server.stream(self.channel, f"Last-Event-ID: {cursor}")
        self.assertEqual(again.status, 204)
        again.close()

    def test_last_event_id_wins(self) -> None:
        cursors = self.server.publish(self.channel, 1, 2)
        stream = self.server.stream(f"{self.channel}?after=end", f"Last-Event-ID: {cursors[0]}")
        stream.block()
        self.assertEqual(stream.block(), {"data": "2", "id": cursors[1]})
        stream.close()

    def test_malformed_last_event_id_is_a_gap(self) -> None:
        stream = self.server.stream(f"{self.channel}?gap=end", "Last-Event-ID: start")
        opened = stream.block()
        assert opened is not None
        gap = json.loads(opened["data"])["gap"]
        self.assertEqual((gap["reason"], gap["requested"]), ("unknown", "start"))
        self.assertEqual(opened["id"], gap["end"])
        stream.close()

    def test_removal_ends_the_stream(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        stream = self.server.stream(f"{self.channel}?after={cursor}")
        stream.block()
        self.server.request("DELETE", self.channel)
        self.assertIsNone(stream.block())
        stream.close()


class PublishTest(ServerTest):
    def test_key_is_remembered(self) -> None:
        key = {"Idempotency-Key": '"k"'}
        body = {"messages": [{"data": 1}], "close": True}
        first = self.server.request("POST", self.channel, body, key)
        self.assertEqual(self.server.request("POST", self.channel, body, key).body, first.body)
        self.assertEqual(
            self.server.request("POST", self.channel, {"close": True}, key).problem, "key-reused"
        )
        self.assertEqual(self.server.request("POST", self.channel, body).problem, "closed")
        bad = self.server.request("POST", self.channel, body, {"Idempotency-Key": "k"})
        self.assertEqual(bad.problem, "invalid-header")
        other_bytes = json.dumps(body, indent=1).encode()  # PUB-KEY-9
        self.assertEqual(
            self.server.request("POST", self.channel, other_bytes, key).problem, "key-reused"
        )

    def test_after(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        for after, problem in (
            ("end", "not-at-end"),
            ("Other", "not-at-end"),
            ("bad", "invalid-body"),
        ):
            reply = self.server.request(
                "POST", self.channel, {"messages": [{"data": 2}], "after": after}
            )
            self.assertEqual(reply.problem, problem)
        reply = self.server.request(
            "POST", self.channel, {"messages": [{"data": 2}], "after": cursor}
        )
        self.assertEqual(reply.status, 200)

    def test_closing_again(self) -> None:
        cursor = self.server.publish(self.channel, 1)[0]
        for body, status in (
            ({"close": True}, 200),
            ({"close": True}, 200),
            ({"close": True, "after": cursor}, 200),
            ({"close": True, "after": "Other"}, 409),
        ):
            reply = self.server.request("POST", self.channel, body)
            self.assertEqual(reply.status, status)

    def test_bad_bodies(self) -> None:
        deep = b'{"messages":[{"data":' + b"[" * 65 + b"]" * 65 + b"}]}"
        for body, pointer in (
            (b"", ""),
            (b'\xef\xbb\xbf{"close":true}', ""),
            (b'{"close":true}\xff', ""),
            (b'{"close":NaN}', ""),
            (b"[]", ""),
            (b"{}", ""),
            (b'{"close":null}', "/close"),
            (b'{"messages":[{"data":1},{}]}', "/messages/1"),
            (b'{"messages":[{"data":1,"event":"$x"}]}', "/messages/0/event"),
            (b'{"messages":[{"data":{"a/b":1,"a/b":2}}]}', "/messages/0/data/a~1b"),
            (b'{"messages":[{"data":"\\ud800"}]}', "/messages/0/data"),
            (deep, "/messages/0/data"),
        ):
            with self.subTest(body=body[:40]):
                reply = self.server.request("POST", self.channel, body)
                self.assertEqual((reply.status, reply.problem), (400, "invalid-body"))
                self.assertEqual(reply.json.get("pointer"), pointer)

    def test_type_and_size(self) -> None:
        reply = self.server.request("POST", self.channel, b"{}", {"Content-Type": "text/plain"})
        self.assertEqual(reply.problem, "unsupported-type")
        coded = {"Content-Encoding": "gzip"}
        reply = self.server.request("POST", self.channel, {"close": True}, coded)
        self.assertEqual(reply.problem, "unsupported-type")
        self.assertEqual(
            self.server.request("POST", self.channel, b" " * 2_000_000).problem, "too-large"
        )
        chunks = iter([b" " * 100_000] * 20)
        sock = self.server.send(
            b"POST /channels/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
            + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
        )
        self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 413 "))
        sock.close()
