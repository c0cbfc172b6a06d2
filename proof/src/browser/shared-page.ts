import * as assert from "uvu/assert";
import { type DevTools, startChromium } from "./devtools.ts";
import { type Site, serveSite } from "./site.ts";
import { Tab, until } from "./tabs.ts";

/** A page that follows a channel with `shared`, and can be asked what it received. */
const SCRIPT = `
  import { indexedDbStore, subscribe } from "@tidemark/client";
  const state = { received: [], failures: [], error: undefined, phase: "" };
  globalThis.follow = async (options = {}, store) => {
    const saved = store && { store: indexedDbStore(store) };
    const onRetry = ({ error }) => state.failures.push(error.message);
    const onState = ({ phase }) => { state.phase = phase; };
    try {
      const messages = subscribe("/channels/tabs", { shared: true, onRetry, onState, ...saved, ...options });
      globalThis.stop = () => messages.return();
      for await (const { data } of messages) {
        state.received.push(data.n);
        await paused;
      }
    } catch (error) {
      state.error = String(error);
    }
  };
  let paused;
  globalThis.pause = () => { paused = new Promise((resolve) => { globalThis.unpause = resolve; }); };
  globalThis.seen = () => state;
  globalThis.hang = (ms) => { for (const end = Date.now() + ms; Date.now() < end; ); };
  addEventListener("pageshow", ({ persisted }) => { if (persisted) state.restored = true; });`;

export interface Seen {
  readonly received: readonly number[];
  readonly failures: readonly string[];
  readonly error?: string;
  readonly phase: string;
  readonly restored?: boolean;
}

/** Several tabs of one browser that follow the channel `tabs`, over HTTP/1.1. */
export class SharedTabs {
  readonly site: Site;
  readonly browser: DevTools;
  /** The tabs that are open, without those that are frozen for the moment. */
  tabs: Tab[] = [];
  #published = 0;

  private constructor(site: Site, browser: DevTools) {
    this.site = site;
    this.browser = browser;
  }

  static async start(): Promise<SharedTabs> {
    return new SharedTabs(await serveSite(SCRIPT), await startChromium());
  }

  /** Open a tab that follows with these options. */
  async open(options: object = {}, ...more: readonly unknown[]): Promise<Tab> {
    const tab = await Tab.open(this.browser, this.site.url);
    await tab.evaluate(`void follow(${[options, ...more].map((each) => JSON.stringify(each)).join()})`);
    this.tabs.push(tab);
    return tab;
  }

  /** The number of messages so far: their numbers are 1, 2, 3 … */
  get published(): number {
    return this.#published;
  }

  /** Publish messages; `size` adds so many characters to each. */
  async publish(count = 1, size = 0): Promise<void> {
    const rest = "x".repeat(size);
    const drafts = Array.from({ length: count }, () => ({
      json: JSON.stringify({ n: ++this.#published, rest }),
    }));
    await this.site.log.append("tabs", drafts);
  }

  seen(tab: Tab): Promise<Seen> {
    return tab.evaluate<Seen>("seen()");
  }

  /** Wait until the tabs have every message, and check that each has each one once and in order. */
  async haveAll(tabs: readonly Tab[] = this.tabs): Promise<void> {
    const all = Array.from({ length: this.#published }, (_, index) => index + 1);
    for (const tab of tabs) {
      await until(`a tab has ${all.length} messages`, async () => {
        const { received, error } = await this.seen(tab);
        if (error !== undefined) throw new Error(error);
        return received.length >= all.length;
      });
      assert.equal((await this.seen(tab)).received, all);
    }
  }

  /** Wait until one stream is open and no other request: all tabs share it. */
  async share(): Promise<void> {
    const open = () => this.site.open();
    await until("one stream is open", () => open().length === 1 && open()[0]?.isStream === true);
    for (const tab of this.tabs)
      await until("each tab is live", async () => (await this.seen(tab)).phase === "live");
  }

  /** The tab that holds the connection: the one whose context holds the lock. */
  async leader(): Promise<Tab> {
    const held = `navigator.locks.query().then(({ held }) => held[0]?.clientId)`;
    const id = await this.tabs[0]?.evaluate<string>(held);
    for (const tab of this.tabs) {
      // A lock of this tab's own tells its id.
      const own = await tab.evaluate<string>(
        `navigator.locks.request(crypto.randomUUID(), async ({ name }) =>
          (await navigator.locks.query()).held.find((lock) => lock.name === name).clientId)`,
      );
      if (own === id) return tab;
    }
    throw new Error("no tab leads");
  }

  /** Forget a tab: it is not expected to receive any more. */
  forget(tab: Tab): void {
    this.tabs = this.tabs.filter((one) => one !== tab);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.site.close();
  }
}
