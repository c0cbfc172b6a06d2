import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { type Answering, page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { createSubscription } from "../kit.ts";
import { restoreQuery } from "./channel-url.ts";

function redirect(to: (path: string, query: string) => string): Answering {
  return (response, { path, query }) => {
    response.writeHead(307, { location: to(path, new URLSearchParams(query).toString()) });
    response.end();
  };
}

test("a redirect that keeps the query is followed", async () => {
  const origin = await scriptedOrigin(
    redirect((_, query) => `/moved?${query}`),
    page(["C1"], { closed: true }),
  );
  assert.equal(await collect(createSubscription(pages, origin.url, { after: "P1" })), ["C1"]);
  assert.equal(
    origin.asked.map(({ path, query }) => [path, query.after]),
    [
      ["/channels/a", "P1"],
      ["/moved", "P1"],
    ],
  );
  await origin.close();
});

test("a redirect that drops the query does not make the client start over", async () => {
  const origin = await scriptedOrigin(
    redirect(() => "/moved?tenant=7"),
    page(["from the start"]),
    page(["C1"], { closed: true }),
  );
  const headers = { authorization: "Bearer 1" };
  assert.equal(await collect(createSubscription(pages, origin.url, { after: "P1", headers })), ["C1"]);
  const last = origin.asked[2];
  assert.equal([last?.path, last?.query], ["/moved", { tenant: "7", after: "P1" }]);
  assert.is(last?.headers.authorization, "Bearer 1");
  await origin.close();
});

test("credentials are not sent to another origin", async () => {
  const other = await scriptedOrigin(page(["from the start"]), page(["C1"], { closed: true }));
  const origin = await scriptedOrigin(redirect(() => other.url));
  const headers = { authorization: "Bearer 1", "x-token": "2" };
  assert.equal(await collect(createSubscription(pages, origin.url, { after: "P1", headers })), ["C1"]);
  assert.is(other.asked[1]?.query.after, "P1");
  assert.is(other.asked[1]?.headers.authorization, undefined);
  assert.is(other.asked[1]?.headers["x-token"], undefined);
  await Promise.all([origin.close(), other.close()]);
});

test("redirects that always drop the query are a failure", async () => {
  let redirects = 0;
  const drop: Answering = (response, { query }) => {
    if (query.after === undefined) return page(["from the start"])(response, asked());
    redirects += 1;
    return redirect(() => "/moved")(response, asked());
  };
  const asked = () => ({ path: "", query: {}, method: "", headers: {}, body: "", gone: Promise.resolve() });
  const origin = await scriptedOrigin(drop);
  const stop = new AbortController();
  const errors: string[] = [];
  const onRetry = ({ error }: { error: Error }) => {
    errors.push(error.message);
    stop.abort();
  };
  const options = { after: "P1", delay: noClock().delay, signal: stop.signal, onRetry };
  assert.equal(await collect(createSubscription(pages, origin.url, options)), []);
  assert.equal(errors, ["[foreign] the redirects drop the query"]);
  assert.is(redirects, 4);
  await origin.close();
});

test("only dropped or changed parameters are restored", () => {
  const asked = new URL("http://a/c?x=1&after=P1&wait=25");
  assert.is(restoreQuery(asked, "http://b/d?wait=25&after=P1&x=1&y=2"), undefined);
  assert.is(restoreQuery(asked, "http://b/d?after=P9&y=2")?.href, "http://b/d?after=P1&y=2&x=1&wait=25");
});

test.run();
