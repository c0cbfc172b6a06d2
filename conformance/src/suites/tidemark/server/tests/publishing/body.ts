import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, same } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { jsonText, member, parseJson } from "../../../../../engine/wire/json.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";
import { refusesEach, takesGoodBody } from "./refusing.ts";

/** The needs of these tests. */
const NEEDS = ["publishing", "channels"] as const;

/** The most bytes that the suite sends to exceed the limit on bodies. */
const HUGE_BYTES = 8 * 1024 * 1024;

/** How often to retry when the connection breaks before an answer. */
const HUGE_TRIES = 2;

/** Concatenate texts and raw bytes. */
function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([...part]))),
  );
}

/** Data with this many levels of nesting. */
function nested(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

/** Post a huge body. Retry if the refusal is lost, because the connection closed during the upload. */
async function postHuge(t: TestContext, channel: Channel): Promise<Exchange> {
  const body = publishBody([draft("x".repeat(HUGE_BYTES))]);
  let exchange = await t.post(channel, body);
  for (let again = 0; again < HUGE_TRIES && exchange.status === undefined; again += 1)
    exchange = await t.post(channel, body);
  return exchange;
}

/** What the body of a publish may contain. */
export const bodyTests: readonly TestDefinition[] = [
  {
    id: "server/publishing/body-is-utf-8-json",
    title: "A body that is not UTF-8, begins with a byte order mark, or is not JSON is refused",
    requirements: ["PUB-BODY-1"],
    needs: NEEDS,
    run: (t) =>
      refusesEach(t, "PUB-BODY-1", {
        "bytes that are not UTF-8": bytes('{"messages":[{"data":"', [0xff, 0xfe], '"}]}'),
        "a truncated sequence": bytes('{"messages":[{"data":"', [0xe2, 0x82], '"}]}'),
        "an encoded surrogate": bytes('{"messages":[{"data":"', [0xed, 0xa0, 0x80], '"}]}'),
        "a byte order mark": bytes([0xef, 0xbb, 0xbf], '{"messages":[{"data":1}]}'),
        "text that is not JSON": "messages",
        "truncated JSON": '{"messages":[{"data":1}]',
        "two JSON texts": '{"messages":[{"data":1}]}{}',
        "a trailing comma": '{"messages":[{"data":1},]}',
        "an empty body": "",
      }),
  },
  {
    id: "server/publishing/body-is-i-json",
    title: "A body with a repeated member name or an unpaired surrogate is refused",
    requirements: ["PUB-BODY-2"],
    needs: NEEDS,
    run: (t) =>
      refusesEach(t, "PUB-BODY-2", {
        "a repeated name in the body": '{"messages":[{"data":1}],"messages":[{"data":2}]}',
        "a repeated name in a message": '{"messages":[{"data":1,"data":2}]}',
        "a repeated name in data": '{"messages":[{"data":{"a":1,"a":2}}]}',
        "an unpaired surrogate in data": '{"messages":[{"data":"\\ud800"}]}',
        "an unpaired surrogate in a name": '{"messages":[{"data":{"\\udc00":1}}]}',
      }),
  },
  {
    id: "server/publishing/body-has-its-shape",
    title: "A body whose members have the wrong types, or that neither publishes nor closes, is refused",
    requirements: ["PUB-BODY-3"],
    needs: NEEDS,
    run: (t) =>
      refusesEach(t, "PUB-BODY-3", {
        "an array": '[{"data":1}]',
        "a string": '"data"',
        null: "null",
        "an empty object": "{}",
        "no messages and no close": '{"messages":[]}',
        "close: false alone": '{"close":false}',
        "messages that are not an array": '{"messages":{"data":1}}',
        "a message that is not an object": '{"messages":[1]}',
        "a message without data": '{"messages":[{"event":"a"}]}',
        "close that is not a boolean": '{"messages":[{"data":1}],"close":1}',
        "an event that is not a string": '{"messages":[{"data":1,"event":5}]}',
        "after that is not a string": '{"messages":[{"data":1}],"after":7}',
      }),
  },
  {
    id: "server/publishing/event-has-its-grammar",
    title: "A malformed event name is refused, especially one with CR or LF",
    requirements: ["PUB-BODY-4"],
    needs: NEEDS,
    run(t) {
      const names = [
        "",
        "a\r\nid: forged",
        "a\nb",
        "a\0b",
        "$open",
        "$x",
        "error",
        "open",
        "a b",
        "é",
        ".a",
        "-",
        "a".repeat(65),
      ];
      const bodies = names.map((name) => [
        `the event ${JSON.stringify(name).slice(0, 30)}`,
        publishBody([draft(1, name)]),
      ]);
      return refusesEach(t, "PUB-BODY-4", Object.fromEntries(bodies) as Record<string, string>);
    },
  },
  {
    id: "server/publishing/fault-is-pointed-at",
    title: "invalid-body points to the first fault",
    requirements: ["PUB-BODY-5"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const cases = {
        "/messages/1/event": '{"messages":[{"data":1},{"data":2,"event":"a b"}]}',
        "/close": '{"messages":[{"data":1}],"close":"yes"}',
      };
      for (const [pointer, body] of Object.entries(cases)) {
        const exchange = await t.post(channel, body);
        t.need(refused("the answer", exchange, "invalid-body"));
        t.check(
          "PUB-BODY-5",
          same("`pointer` of the problem", member(parseJson(exchange.text), "pointer"), pointer),
        );
      }
    },
  },
  {
    id: "server/publishing/unknown-members-are-ignored",
    title: "Unknown members of the body and of messages are ignored",
    requirements: ["PUB-BODY-6"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      const body =
        '{"x":{"y":[]},"messages":[{"data":1,"cursor":"A.1","id":7,"meta":null}],"closed":true,"limit":0}';
      const exchange = await t.post(channel, body);
      t.check("PUB-BODY-6", carriedOut("the answer to a body with unknown members", exchange));
      t.check(
        "PUB-BODY-6",
        same("`closed` of the answer", jsonText(member(parseJson(exchange.text), "closed")), "(nothing)"),
      );
    },
  },
  {
    id: "server/publishing/ignored-members-may-be-deep",
    title: "A body with deeply nested unknown members is accepted, or refused with invalid-body",
    requirements: ["PUB-BODY-9"],
    needs: NEEDS,
    async run(t) {
      const exchange = await t.post(t.channel(), `{"x":${nested(40)},"messages":[{"data":1}]}`);
      t.check("PUB-BODY-9", carriedOut("the answer to an unknown member of 40 levels", exchange));
    },
  },
  {
    id: "server/publishing/nesting-up-to-32-levels",
    title: "data nested 32 levels deep is accepted",
    requirements: ["PUB-BODY-7"],
    needs: NEEDS,
    async run(t) {
      const exchange = await t.post(t.channel(), `{"messages":[{"data":${nested(32)}}]}`);
      t.check("PUB-BODY-7", carriedOut("the answer to 32 levels", exchange));
    },
  },
  {
    id: "server/publishing/nesting-beyond-64-levels",
    title: "data nested deeper than 64 levels is refused",
    requirements: ["PUB-BODY-8"],
    needs: NEEDS,
    run: (t) => refusesEach(t, "PUB-BODY-8", { "1000 levels": `{"messages":[{"data":${nested(1000)}}]}` }),
  },
  {
    id: "server/publishing/too-much-is-refused",
    title: "A body that is larger than the server accepts is refused with too-large, and appends nothing",
    requirements: ["PUB-SIZE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const end = await endOf(t, channel);
      const exchange = await postHuge(t, channel);
      if (exchange.status === 200 || exchange.status === 201) t.notApplicable("the server accepts 8 MiB");
      t.check("PUB-SIZE-1", refused("the answer to 8 MiB", exchange, "too-large"));
      t.check("PUB-SIZE-1", same("the end after the refusal", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/one-bad-draft-stops-all",
    title: "A publish with one invalid message among valid ones appends nothing",
    requirements: ["PUB-DONE-1"],
    needs: NEEDS,
    async run(t) {
      const channel = t.channel();
      await takesGoodBody(t, channel);
      const end = await endOf(t, channel);
      const exchange = await t.post(
        channel,
        '{"messages":[{"data":1},{"data":2},{"event":"no data"},{"data":4}]}',
      );
      t.need(
        claim(exchange.status !== 200 && exchange.status !== 201, "the status", "a refusal", exchange.status),
      );
      t.check("PUB-DONE-1", same("the end after the refusal", await endOf(t, channel), end));
    },
  },
  {
    id: "server/publishing/after-has-its-grammar",
    title: "A malformed after is refused with invalid-body",
    requirements: ["PUB-AFTER-2"],
    needs: NEEDS,
    run: (t) =>
      refusesEach(t, "PUB-AFTER-2", {
        "an empty after": publishBody([draft(1)], { after: "" }),
        "after: latest": publishBody([draft(1)], { after: "latest" }),
        "after with a space": publishBody([draft(1)], { after: "A 1" }),
        "after with a slash": publishBody([draft(1)], { after: "A/1" }),
        "after of 1025 characters": publishBody([draft(1)], { after: "A".repeat(1025) }),
      }),
  },
];
