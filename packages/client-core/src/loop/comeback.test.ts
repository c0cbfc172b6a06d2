// Events that browsers dispatch on `window` and `document`; proof/src/runtimes tests this in a real browser.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { type Answering, cut, page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { createSubscription, type Delay } from "../kit.ts";

/** Install a `window` and a `document` while `run` runs. */
async function inBrowser(run: (window: EventTarget, document: EventTarget) => Promise<void>): Promise<void> {
  const [window, document] = [new EventTarget(), new EventTarget()];
  const globals = { addEventListener: window.addEventListener.bind(window), document };
  Object.assign(globalThis, globals);
  try {
    await run(window, document);
  } finally {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
  }
}

/** A clock on which waits of a minute never end, but waits shortened to the rest of a floor do. */
function longWaits(): { delay: Delay; waits: number[]; begun: Promise<void> } {
  const waits: number[] = [];
  let tell = (): void => {};
  const begun = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const delay: Delay = async (ms, signal, purpose) => {
    if (purpose === "retry" || purpose === "poll") waits.push(ms);
    if (ms > 50_000 || purpose === "watchdog") {
      if (purpose === "retry") tell();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
  };
  return { delay, waits, begun };
}

const done = page(["C1"], { closed: true });
const retryDelayMs = () => 60_000;

test("a wait is cut short when the network is back, and when the page is visible again", () =>
  inBrowser(async (window, document) => {
    for (const comeBack of [
      () => window.dispatchEvent(new Event("online")),
      () => {
        Object.assign(document, { visibilityState: "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
        Object.assign(document, { visibilityState: "visible" });
        document.dispatchEvent(new Event("visibilitychange"));
      },
    ]) {
      const { delay, waits, begun } = longWaits();
      const origin = await scriptedOrigin(cut, done);
      const seen = collect(createSubscription(pages, origin.url, { delay, retryDelayMs }));
      await begun;
      comeBack();
      assert.equal(await seen, ["C1"]);
      assert.is(waits[0], 60_000);
      assert.ok(Number(waits[1]) <= 0, `${waits}`);
      await origin.close();
    }
  }));

test("a wait that the server asked for is not cut short", () =>
  inBrowser(async (window) => {
    const { delay, waits, begun } = longWaits();
    const origin = await scriptedOrigin(page(["P1"], { retry: 9_000 }), cut, done);
    const seen = collect(createSubscription(pages, origin.url, { delay, retryDelayMs }));
    await begun;
    window.dispatchEvent(new Event("online"));
    assert.equal(await seen, ["P1", "C1"]);
    const [poll, retry, rest] = waits;
    assert.equal([poll, retry], [9_000, 60_000]);
    assert.ok(Number(rest) > 5_000 && Number(rest) < 9_000, `${rest}`);
    await origin.close();
  }));

test("a connection from before the network was down is dropped, and the client resumes at once", () =>
  inBrowser(async (window) => {
    const backOnline: Answering = () => {
      window.dispatchEvent(new Event("online"));
    };
    const failures: string[] = [];
    const origin = await scriptedOrigin(page(["P1"]), backOnline, done);
    const subscription = createSubscription(pages, origin.url, {
      delay: noClock().delay,
      onRetry: ({ error }) => failures.push(error.message),
    });
    assert.equal(await collect(subscription), ["P1", "C1"]);
    assert.equal(failures, ["[offline] the network was down"]);
    assert.is(origin.asked[2]?.query.after, "P1");
    await origin.asked[1]?.gone;
    await origin.close();
  }));

test("a page that is put aside drops its connection, and asks again after a second at least", () =>
  inBrowser(async (window, document) => {
    for (const leave of [
      () => window.dispatchEvent(new Event("pagehide")),
      () => document.dispatchEvent(new Event("freeze")),
    ]) {
      const { delay, waits } = longWaits();
      const origin = await scriptedOrigin(page(["P1"]), () => void leave(), done);
      const failures: string[] = [];
      const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
      // `giveUpAfterMs` does not count the absence, however long it was.
      const options = { delay, retryDelayMs, onRetry, giveUpAfterMs: 1_500 };
      assert.equal(await collect(createSubscription(pages, origin.url, options)), ["P1", "C1"]);
      assert.equal(failures, ["[offline] the page was put aside"]);
      assert.is(waits.at(-1), 1_000, "not the minute of a failure");
      await origin.close();
    }
  }));

test("a machine that slept drops its connection, and asks again at once", () =>
  inBrowser(async () => {
    const { setInterval } = globalThis;
    const { now } = Date;
    const looks: (() => void)[] = [];
    Object.assign(globalThis, {
      setInterval: (look: () => void) => setInterval(() => {}, 1e6 + looks.push(look)),
    });
    const sleep = (ms: number) => () => {
      Date.now = () => now() + ms;
      for (const look of looks.splice(0)) look();
      Date.now = now;
    };
    const failures: string[] = [];
    const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
    try {
      const origin = await scriptedOrigin(page(["P1"]), sleep(80_000), done);
      const { delay, waits } = longWaits();
      const options = { delay, retryDelayMs, onRetry };
      assert.equal(await collect(createSubscription(pages, origin.url, options)), ["P1", "C1"]);
      assert.equal(failures, ["[offline] the machine slept"]);
      assert.is(waits.at(-1), 0);
      await origin.close();
    } finally {
      Object.assign(globalThis, { setInterval });
    }
  }));

test("a timer that is a minute late, as in a hidden page, drops nothing", () =>
  inBrowser(async () => {
    const { now } = Date;
    const { setInterval } = globalThis;
    const late: Answering = (answer, asked) => {
      Date.now = () => now() + 60_000;
      for (const look of looks) look();
      Date.now = now;
      return done(answer, asked);
    };
    const looks: (() => void)[] = [];
    Object.assign(globalThis, {
      setInterval: (look: () => void) => setInterval(() => {}, 1e6 + looks.push(look)),
    });
    try {
      const origin = await scriptedOrigin(late);
      const onRetry = () => assert.unreachable("a retry");
      assert.equal(await collect(createSubscription(pages, origin.url, { onRetry })), ["C1"]);
      await origin.close();
    } finally {
      Object.assign(globalThis, { setInterval });
    }
  }));

test.run();
