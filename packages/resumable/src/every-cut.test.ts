// A run that is cut at every byte, and resumed over each mechanism: the reader gets what the provider sent.
import type { RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Received, readEvents, withoutIds } from "../test/events.ts";
import { RECORDINGS } from "../test/recordings.ts";
import { get, post, readBody, runOf, streamOf, withRuns } from "../test/runs.ts";
import type { Runs } from "./index.ts";

const EVENT_STREAM = { headers: { "Content-Type": "text/event-stream", "X-Vendor": "v1" } };

/** Start a run of a recording, and read it to its end. */
async function finished(runs: Runs, text: string): Promise<{ readonly id: string; readonly bytes: Buffer }> {
  const upstream = () => new Response(streamOf(text), EVENT_STREAM);
  const response = await runs.start(post(), upstream);
  assert.is(response.headers.get("x-vendor"), "v1");
  const { bytes, cut } = await readBody(response);
  assert.is(cut, false);
  return { id: runOf(response), bytes };
}

for (const { name, text } of RECORDINGS) {
  const all = readEvents(Buffer.from(text)).events;

  test(`${name}: the bytes are those of the upstream, apart from ids`, () =>
    withRuns({}, async ({ runs }) => {
      const { bytes, id } = await finished(runs, text);
      const resumed = await readBody(await runs.resume(get(id)));
      assert.equal(resumed.bytes, bytes, "read again from the beginning");
      assert.is(withoutIds(bytes.toString()), withoutIds(text).replace(/^id(\r\n|\r|\n)/gm, ""));
      assert.equal(readEvents(bytes).events, all);
    }));

  test(`${name}: after a cut at every byte, the plain stream continues exactly`, () =>
    withRuns({}, async ({ runs }) => {
      const { id, bytes } = await finished(runs, text);
      const rests = new Map<string, { status: number; events: readonly Received[] }>();
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const before = readEvents(bytes.subarray(0, cut));
        const rest = rests.get(before.id) ?? (await resumed(runs, id, before.id));
        rests.set(before.id, rest);
        const { status, events } = rest;
        assert.equal([...before.events, ...events], all, `cut after ${cut} bytes`);
        assert.is(status, events.length === 0 && cut > 0 && before.events.length === all.length ? 204 : 200);
      }
      assert.ok(rests.size > all.length, "every event was a place to resume from");
    }));

  test(`${name}: after a cut at every byte, the stream of Tidemark continues exactly`, () =>
    withRuns({}, async ({ runs }) => {
      const { id } = await finished(runs, text);
      const { bytes } = await readBody(await runs.resume(get(id, "?stream=1&after=start")));
      const whole = blocksIn(bytes);
      const rests = new Map<string, readonly string[]>();
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const part = bytes.subarray(0, cut);
        const last = readEvents(part).id;
        const rest = rests.get(last) ?? (await tidemarkRest(runs, id, last));
        rests.set(last, rest);
        assert.equal([...blocksIn(part), ...rest], whole, `cut after ${cut} bytes`);
      }
      assert.equal(readEvents(Buffer.concat(whole.map((json) => Buffer.from(JSON.parse(json))))).events, all);
    }));

  for (const query of ["limit=2", "limit=1&wait=5"])
    test(`${name}: pages (${query}) that are lost and asked for again make up the run`, () =>
      withRuns({}, async ({ runs }) => {
        const { id } = await finished(runs, text);
        const blocks: string[] = [];
        for (let [after, closed] = ["start", false]; !closed; ) {
          const page = await pageAt(runs, id, `?${query}&after=${after}`);
          assert.equal(await pageAt(runs, id, `?${query}&after=${after}`), page, "the same again");
          blocks.push(...page.messages.filter(({ event }) => event === undefined).map(({ data }) => data));
          [after, closed] = [page.cursor, page.closed];
        }
        assert.is(blocks.join(""), text);
      }));
}

async function resumed(
  runs: Runs,
  id: string,
  last: string,
): Promise<{ status: number; events: readonly Received[] }> {
  const response = await runs.resume(get(id, "", last === "" ? {} : { "Last-Event-ID": last }));
  const { bytes, cut } = await readBody(response);
  assert.is(cut, false);
  return { status: response.status, events: readEvents(bytes).events };
}

async function tidemarkRest(runs: Runs, id: string, last: string): Promise<readonly string[]> {
  const headers: Record<string, string> = last === "" ? {} : { "Last-Event-ID": last };
  return blocksIn((await readBody(await runs.resume(get(id, "?stream=1", headers)))).bytes);
}

/** The blocks that Tidemark's stream carries, as JSON text. */
function blocksIn(bytes: Buffer): string[] {
  return readEvents(bytes)
    .events.filter(({ event }) => event === "message")
    .map(({ data }) => data);
}

type Page = Pick<RawPage, "cursor" | "closed"> & { messages: { event?: string; data: string }[] };

async function pageAt(runs: Runs, id: string, query: string): Promise<Page> {
  const response = await runs.resume(get(id, query, { Accept: "application/json" }));
  assert.is(response.status, 200);
  return (await response.json()) as Page;
}

test.run();
