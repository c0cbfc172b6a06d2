import type { TestContext } from "../../context/context.ts";
import { endOf, foreignCursor } from "../../context/log.ts";
import { draft, publishBody } from "../../drive/driver.ts";
import { claim, matches } from "../../model/claim.ts";
import { answered, refused } from "../../read/problem.ts";
import type { TestDefinition } from "../../run/definition.ts";
import { type Channel, withQuery } from "../../run/target.ts";
import type { Exchange } from "../../wire/exchange.ts";
import { type HeaderLines, listMembers } from "../../wire/headers.ts";

/** Origin of a page on another site. */
const ORIGIN: HeaderLines = [["Origin", "https://conformance.example"]];

/** Fields that a page of another origin has to be able to read. */
const EXPOSED = ["tidemark", "etag", "retry-after", "location", "www-authenticate"];

/** Request fields that it has to be able to send. */
const ALLOWED = ["content-type", "idempotency-key", "authorization", "last-event-id"];

/** What a browser asks before a POST with a key. */
const PREFLIGHT: HeaderLines = [
  ...ORIGIN,
  ["Access-Control-Request-Method", "POST"],
  ["Access-Control-Request-Headers", ALLOWED.join(",")],
];

/** Reads from another origin, each answered in another way. */
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

/** The answers that name an allowed origin; the test does not apply where there is none. */
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

/** Methods, and what pages of other origins need. */
export const methodTests: readonly TestDefinition[] = [
  {
    id: "server/core/unknown-methods-are-refused",
    title: "A method that the channel does not offer is refused with method-not-allowed and Allow",
    requirements: ["CORE-METHOD-1"],
    async run(t) {
      const channel = t.channel();
      for (const method of ["PUT", "PATCH", "PROPFIND"]) {
        const exchange = await t.ask({ method, url: channel.url });
        t.check("CORE-METHOD-1", refused(`the answer to ${method}`, exchange, "method-not-allowed"));
        const allow = listMembers(exchange.header("allow"));
        t.check(
          "CORE-METHOD-1",
          claim(
            allow.includes("get"),
            `Allow in the answer to ${method}`,
            "GET among others",
            exchange.header("allow"),
          ),
        );
      }
    },
  },
  {
    id: "server/core/post-is-refused-where-it-is-not-offered",
    title: "A server that does not claim publish refuses POST and DELETE with method-not-allowed",
    requirements: ["CORE-METHOD-1"],
    needs: ["no-publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const post = await t.post(channel, publishBody([draft(1)]));
      t.check(
        "CORE-METHOD-1",
        refused("the answer to POST", post, "method-not-allowed", "unauthorized", "forbidden"),
      );
      const removal = await t.ask({ method: "DELETE", url: channel.url });
      t.check(
        "CORE-METHOD-1",
        refused("the answer to DELETE", removal, "method-not-allowed", "unauthorized", "forbidden"),
      );
    },
  },
  {
    id: "server/core/options",
    title: "OPTIONS is answered 204 with Allow, without credentials",
    requirements: ["CORE-METHOD-2"],
    async run(t) {
      const channel = t.channel();
      const exchange = await t.finish(t.sendBare({ method: "OPTIONS", url: channel.url }));
      t.check("CORE-METHOD-2", answered("the answer to OPTIONS", exchange, 204));
      const allow = listMembers(exchange.header("allow"));
      const expected = ["get", "head", ...(t.target.claims.publish ? ["post"] : [])];
      t.check(
        "CORE-METHOD-2",
        claim(
          expected.every((method) => allow.includes(method)),
          "Allow",
          expected.join(", ").toUpperCase(),
          exchange.header("allow"),
        ),
      );
    },
  },
  {
    id: "server/core/redirects-keep-the-query",
    title: "A read that is redirected keeps its query",
    requirements: ["CORE-METHOD-3"],
    async run(t) {
      const channel = t.channel();
      const asked = [
        withQuery(channel.url, { after: "end", limit: 7 }),
        withQuery(`${channel.url}/`, { after: "end", limit: 7 }),
      ];
      const answers = await Promise.all(asked.map((url) => t.ask({ url })));
      const redirects = answers.filter(
        ({ status = 0, headers }) =>
          status >= 300 && status < 400 && headers.some(([name]) => name.toLowerCase() === "location"),
      );
      if (redirects.length === 0) t.notApplicable("no read was redirected");
      for (const exchange of redirects)
        t.check(
          "CORE-METHOD-3",
          matches(
            "Location of the redirect",
            exchange.header("location"),
            /[?&]after=end&limit=7(?:&|$)/,
            "…?after=end&limit=7",
          ),
          exchange,
        );
    },
  },
  {
    id: "server/core/other-origins-are-allowed",
    title: "Every answer has Access-Control-Allow-Origin, problems and streams too",
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
    title: "A preflight allows the methods of the channel and the request fields that a client sends",
    requirements: ["CORE-ORIGIN-3"],
    async run(t) {
      const channel = t.channel();
      const page = await t.get(channel, { after: "end" }, ORIGIN);
      if (page.header("access-control-allow-origin") === undefined)
        t.notApplicable("no Access-Control-Allow-Origin is sent");
      const exchange = await t.finish(
        t.sendBare({ method: "OPTIONS", url: channel.url, headers: PREFLIGHT }),
      );
      const origin = exchange.header("access-control-allow-origin");
      t.check(
        "CORE-ORIGIN-3",
        claim(origin !== undefined, "Access-Control-Allow-Origin of the preflight", "present", origin),
      );
      const headers = exchange.header("access-control-allow-headers");
      t.check(
        "CORE-ORIGIN-3",
        claim(lists(headers, ALLOWED), "Access-Control-Allow-Headers", ALLOWED.join(", "), headers),
      );
      const methods = exchange.header("access-control-allow-methods");
      const expected = t.target.claims.publish ? ["get", "post"] : ["get"];
      t.check(
        "CORE-ORIGIN-3",
        claim(
          lists(methods, expected),
          "Access-Control-Allow-Methods",
          expected.join(", ").toUpperCase(),
          methods,
        ),
      );
    },
  },
  {
    id: "server/core/varies-by-origin",
    title: "Where the allowed origin is not *, every answer has Vary: Origin",
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
            "Origin, or * as allowed origin everywhere",
            exchange.header("vary"),
          ),
          exchange,
        );
      }
    },
  },
];
