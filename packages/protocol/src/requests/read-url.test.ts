import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildReadUrl } from "./read-url.ts";
import { parseReadRequest } from "./request.ts";

const CHANNEL = "https://example.com/channels/a";

test("the URL of a read without parameters is the channel's", () => {
  assert.is(buildReadUrl(CHANNEL, {}).href, CHANNEL);
  assert.is(buildReadUrl(new URL(`${CHANNEL}#top`), {}).href, CHANNEL);
});

test("every parameter arrives as given", () => {
  const url = buildReadUrl(CHANNEL, {
    after: "k3f9.42.Zq1~_-",
    waitS: 25,
    limit: 10,
    gap: "end",
    stream: true,
    events: ["a", "order/created:x"],
  });
  assert.is(
    url.search,
    "?after=k3f9.42.Zq1~_-&wait=25&limit=10&gap=end&stream=1&event=a,order%2Fcreated%3Ax",
  );
  const request = parseReadRequest(url.searchParams, {}, { event: true });
  assert.equal(request, {
    sse: true,
    acceptsJson: true,
    after: "k3f9.42.Zq1~_-",
    lastEventId: undefined,
    waitS: 25,
    limit: 10,
    gap: "end",
    events: ["a", "order/created:x"],
  });
});

test("the channel's own parameters stay byte for byte, and the protocol's are replaced", () => {
  const own = "sig=a%20b+c%2B&constructor=y&x";
  const url = buildReadUrl(`${CHANNEL}?${own}&after=e.1&%61fter=e.2&wait=3`, { after: "e.9" });
  assert.is(url.search, `?${own}&after=e.9`);
});

test("a value never becomes a parameter", () => {
  const url = buildReadUrl(CHANNEL, { after: "x&stream=1", events: ["a&limit=1"] });
  assert.equal([...url.searchParams.keys()], ["after", "event"]);
});

test.run();
