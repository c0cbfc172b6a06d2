import { request } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving } from "../../../testing/servers/serving.ts";
import { sse } from "./sse.ts";

interface Told {
  readonly status: number;
  readonly requested: string | undefined;
}

/** The status, and the member `requested` of the gap. */
function ask(url: string, method: string, fields: Readonly<Record<string, string>>): Promise<Told> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: fields, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.once("end", () => {
        const requested = text === "" ? undefined : JSON.parse(text).requested;
        resolve({ status: response.statusCode ?? 0, requested });
      });
    });
    sent.once("error", reject).end();
  });
}

/** The UTF-8 bytes of a text as a Latin-1 string, as Node sends header fields. */
const inUtf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

for (const [name, query, fields, requested] of [
  ["the field in UTF-8", "", { "Last-Event-ID": inUtf8("ключ 🔑") }, "ключ 🔑"],
  ["the field in Latin-1", "", { "Last-Event-ID": "caf\u00e9" }, "caf\ufffd"],
  ["the parameter", "&lastEventId=%D0%BA+%E9", {}, "к \ufffd"],
  ["a cursor in after", "&after=a%2E1", {}, "a.1"],
] as const)
  test(`requested is decoded: ${name}`, () =>
    serving(sse(new MemoryLog()), async ({ url }) => {
      assert.equal(await ask(url("a", `stream=1${query}`), "GET", fields), { status: 410, requested });
    }));

test("HEAD on a server with only streams gets the fields of a stream, whatever Accept says", () =>
  serving(sse(new MemoryLog()), async ({ url }) => {
    const stream = await fetch(url("a", "stream=1"));
    await stream.body?.cancel();
    for (const Accept of ["application/json", "text/event-stream", "*/*"]) {
      const head = await fetch(url("a"), { method: "HEAD", headers: { Accept } });
      assert.is(head.status, 200);
      for (const name of [
        "content-type",
        "cache-control",
        "x-accel-buffering",
        "incremental",
        "vary",
        "tidemark",
      ])
        assert.is(head.headers.get(name), stream.headers.get(name), name);
    }
  }));

test.run();
