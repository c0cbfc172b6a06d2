import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim } from "../../../../../engine/model/claim.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { type HeaderLines, listMembers } from "../../../../../engine/wire/headers.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";
import { endOf, foreignCursor } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** Origin of a page on another site. */
const ORIGIN: HeaderLines = [["Origin", "https://conformance.example"]];

/** Origin of a page that no server allows. */
const STRANGER: HeaderLines = [["Origin", "https://evil.conformance.example"]];

/** Response fields that a page of another origin has to be able to read. */
const EXPOSED = ["tidemark", "etag", "retry-after", "location", "www-authenticate"];

/** Request fields that it has to be able to send, for reading and for writing. */
const TO_READ = ["authorization", "if-none-match", "last-event-id"];
const TO_WRITE = [...TO_READ, "content-type", "idempotency-key"];

/** The preflight that a browser sends before a page's request with these fields. */
function preflight(
  t: TestContext,
  channel: Channel,
  method: string,
  fields: readonly string[],
): Promise<Exchange> {
  const headers: HeaderLines = [
    ...ORIGIN,
    ["Access-Control-Request-Method", method],
    ["Access-Control-Request-Headers", fields.join(",")],
  ];
  return t.finish(t.sendBare({ method: "OPTIONS", url: channel.url, headers }));
}

/** Check what the answer to a preflight allows. */
function checkAllows(
  t: TestContext,
  id: string,
  exchange: Exchange,
  methods: readonly string[],
  fields: readonly string[],
): void {
  for (const [name, wanted] of [
    ["Access-Control-Allow-Methods", methods],
    ["Access-Control-Allow-Headers", fields],
  ] as const) {
    const sent = exchange.header(name);
    t.check(id, claim(lists(sent, wanted), name, wanted.join(", "), sent), exchange);
  }
}

/** The answers to reads from another origin, one for each kind of answer. */
async function crossOrigin(t: TestContext, channel: Channel): Promise<ReadonlyMap<string, Exchange>> {
  const answers = new Map<string, Exchange>();
  answers.set("a page", await t.get(channel, { after: await endOf(t, channel) }, ORIGIN));
  answers.set("an invalid parameter", await t.get(channel, { after: "latest" }, ORIGIN));
  answers.set("a gap", await t.get(channel, { after: foreignCursor(t) }, ORIGIN));
  if (t.target.mechanisms.includes("sse")) {
    const stream = await t.openStream(channel, { after: "end" }, ORIGIN);
    stream.exchange.abort();
    answers.set("a stream", stream.exchange);
  }
  return answers;
}

/** The answers that name an allowed origin; if there are none, the test does not apply. */
async function allowedAnswers(t: TestContext): Promise<[string, Exchange][]> {
  const answers = [...(await crossOrigin(t, t.channel()))];
  const allowed = answers.filter(
    ([, exchange]) => exchange.header("access-control-allow-origin") !== undefined,
  );
  if (allowed.length === 0) t.notApplicable("no Access-Control-Allow-Origin is sent");
  return allowed;
}

function lists(fields: string | undefined, wanted: readonly string[]): boolean {
  const members = listMembers(fields);
  return wanted.every((name) => members.includes(name));
}

/** What pages of other origins are allowed, and what they are refused. */
export const originTests: readonly TestDefinition[] = [
  {
    id: "server/core/other-origins-are-allowed",
    title: "Every answer has Access-Control-Allow-Origin, including problems and streams",
    requirements: ["CORE-ORIGIN-1"],
    async run(t) {
      for (const [name, exchange] of await crossOrigin(t, t.channel())) {
        const allowed = exchange.header("access-control-allow-origin");
        t.check(
          "CORE-ORIGIN-1",
          claim(allowed !== undefined, `Access-Control-Allow-Origin of ${name}`, "present", "absent"),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/fields-are-exposed",
    title: "Answers to other origins expose Tidemark, ETag, Retry-After, Location and WWW-Authenticate",
    requirements: ["CORE-ORIGIN-2"],
    async run(t) {
      for (const [name, exchange] of await allowedAnswers(t)) {
        const exposed = exchange.header("access-control-expose-headers");
        t.check(
          "CORE-ORIGIN-2",
          claim(
            lists(exposed, EXPOSED),
            `Access-Control-Expose-Headers of ${name}`,
            EXPOSED.join(", "),
            exposed,
          ),
          exchange,
        );
      }
    },
  },
  {
    id: "server/core/preflight",
    title: "A preflight allows the methods and request fields of a reader",
    requirements: ["CORE-ORIGIN-3"],
    async run(t) {
      const channel = t.channel();
      const page = await t.get(channel, { after: "end" }, ORIGIN);
      if (page.header("access-control-allow-origin") === undefined)
        t.notApplicable("no Access-Control-Allow-Origin is sent");
      const exchange = await preflight(t, channel, "GET", TO_READ);
      const origin = exchange.header("access-control-allow-origin");
      t.check(
        "CORE-ORIGIN-3",
        claim(origin !== undefined, "Access-Control-Allow-Origin of the preflight", "present", origin),
      );
      checkAllows(t, "CORE-ORIGIN-3", exchange, ["get", "head"], TO_READ);
    },
  },
  {
    id: "server/core/preflight-to-write",
    title: "A preflight from an origin that may write allows POST and the request fields of a publisher",
    requirements: ["CORE-ORIGIN-5"],
    needs: ["publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const post = await t.post(channel, publishBody([draft(1)]), ORIGIN);
      if (post.header("access-control-allow-origin") === undefined)
        t.notApplicable("no Access-Control-Allow-Origin is sent");
      if (post.status === 403) t.notApplicable(`pages of ${ORIGIN[0]?.[1]} may not write here`);
      t.control(carriedOut("the answer to a publish from another origin", post));
      const exchange = await preflight(t, channel, "POST", TO_WRITE);
      checkAllows(t, "CORE-ORIGIN-5", exchange, ["get", "head", "post"], TO_WRITE);
    },
  },
  {
    id: "server/core/varies-by-origin",
    title: "If the allowed origin is not *, every answer has Vary: Origin",
    requirements: ["CORE-ORIGIN-4"],
    async run(t) {
      const answers = await allowedAnswers(t);
      const always = answers.every(([, exchange]) => exchange.header("access-control-allow-origin") === "*");
      for (const [name, exchange] of answers) {
        const varies = listMembers(exchange.header("vary")).includes("origin");
        t.check(
          "CORE-ORIGIN-4",
          claim(
            always || varies,
            `Vary of ${name}`,
            "a list with Origin, unless * is the allowed origin of every answer",
            exchange.header("vary"),
          ),
          exchange,
        );
      }
    },
  },
  {
    id: "server/publishing/foreign-origin-is-refused",
    title: "If cookies authenticate, a publish or a removal from an origin that is not allowed is refused",
    requirements: ["PUB-ORIGIN-1"],
    needs: ["publishing", "cookies", "channels"],
    async run(t) {
      const channel = t.channel();
      const body = publishBody([draft(1)]);
      t.control(carriedOut("the answer to a publish with the cookie", await t.post(channel, body)));
      const post = await t.post(channel, body, STRANGER);
      t.check("PUB-ORIGIN-1", refused("the answer to a publish from a foreign origin", post, "forbidden"));
      const removal = await t.ask({ method: "DELETE", url: channel.url, headers: STRANGER });
      t.check("PUB-ORIGIN-1", refused("the answer to a removal from a foreign origin", removal, "forbidden"));
    },
  },
  {
    id: "server/publishing/unnamed-origin-is-refused",
    title: "A publish or a removal from a page of an origin that is not allowed is refused",
    requirements: ["PUB-ORIGIN-2"],
    needs: ["publishing", "channels"],
    async run(t) {
      if (t.target.headers.some(({ name }) => /^authorization$/i.test(name)))
        t.notApplicable("the server requires credentials that browsers do not add by themselves");
      const channel = t.channel();
      for (const [name, body] of Object.entries({
        "a publish": publishBody([draft(1)]),
        "a close": publishBody([], { close: true }),
      })) {
        const post = await t.post(channel, body, STRANGER);
        t.check("PUB-ORIGIN-2", refused(`the answer to ${name} from a foreign origin`, post, "forbidden"));
      }
      const removal = await t.ask({ method: "DELETE", url: channel.url, headers: STRANGER });
      t.check(
        "PUB-ORIGIN-2",
        refused("the answer to a removal from a foreign origin", removal, "forbidden", "method-not-allowed"),
      );
    },
  },
];
