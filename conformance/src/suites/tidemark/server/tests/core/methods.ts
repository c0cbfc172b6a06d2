import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import { claim, matches } from "../../../../../engine/model/claim.ts";
import { withQuery } from "../../../../../engine/wire/channel.ts";
import { listMembers } from "../../../../../engine/wire/headers.ts";
import { answered, refused } from "../../../read/problem.ts";
import type { TestDefinition } from "../../definition.ts";

/** Methods. */
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
            "a list with GET",
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
];
