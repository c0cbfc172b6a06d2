import type { RunEvent } from "../../../engine/model/event.ts";
import { runSuite } from "../../../engine/run/run-suite.ts";
import type { Found, Suite, Unmet } from "../../../engine/run/suite.ts";
import { bindsChapter, TIDEMARK_VERSION, tidemarkLedger, tidemarkWords } from "../ledger.ts";
import { ClientContext, type ClientParts, USUAL_PATIENCE_MS } from "./client-context.ts";
import type { ClientNeed } from "./client-definition.ts";
import type { ClientOptions } from "./client-options.ts";
import { commandAdapter } from "./command-adapter.ts";
import type { Hello } from "./contract.ts";
import { Harness } from "./harness.ts";
import { Origin } from "./origin.ts";
import { CLIENT_TESTS } from "./tests/all.ts";

/** Most tests only wait for timers of the client, so this many at once overload neither side. */
const JOBS = 16;

/** A hang in the suite must not hang the run. */
const TEST_LIMIT_MS = 90_000;

/** The suite for Tidemark clients, which an adapter drives. */
export const clientSuite: Suite<ClientOptions, ClientContext, ClientNeed> = {
  name: "client",
  subject: "client",
  version: TIDEMARK_VERSION,
  ledger: tidemarkLedger,
  words: tidemarkWords,
  tests: CLIENT_TESTS,
  jobs: JOBS,
  testLimitMs: TEST_LIMIT_MS,
  retriesSlow: true,
  nameOf: ({ adapter }) => (typeof adapter === "string" ? adapter : "adapter"),
  async discover(options, { signal }) {
    const { adapter, inBrowser = false, patienceMs = USUAL_PATIENCE_MS } = options;
    const origin = new Origin(inBrowser);
    const harness = new Harness(typeof adapter === "string" ? commandAdapter(adapter) : adapter);
    const end = async (): Promise<void> => {
      const words = await harness.close();
      if (words !== "") options.onLastWords?.(words);
      await origin.close();
    };
    try {
      await origin.listen();
      const hello = await harness.hello(signal);
      return { ...foundClient({ hello, harness, origin, patienceMs }), end };
    } catch (error) {
      await end();
      throw error;
    }
  },
};

/**
 * Run the suite against a client. The last event is always `run-finished`; faults of the client are reported, not
 * thrown.
 */
export function runClient(options: ClientOptions): AsyncGenerator<RunEvent, void> {
  return runSuite(clientSuite, options);
}

function foundClient(parts: ClientParts): Found<ClientContext, ClientNeed> {
  const { hello } = parts;
  const { name, version, language, mechanisms, capabilities } = hello;
  const publish = capabilities.includes("publish");
  const readsBy = mechanisms.includes("auto") ? ["poll", "long-poll", "sse"] : mechanisms;
  return {
    report: { template: `${name} ${version} (${language})`, mechanisms, publish },
    binds: ({ class: chapter }) => bindsChapter(chapter, { mechanisms: readsBy, publish }),
    unmet: (needs) => unmetNeed(needs, hello),
    context: (test, tools) => new ClientContext(parts, test.id, tools),
  };
}

function unmetNeed(needs: readonly ClientNeed[], { mechanisms, capabilities }: Hello): Unmet | undefined {
  const claimed: readonly ClientNeed[] = [...mechanisms, ...capabilities];
  const missing = needs.find((need) => !claimed.includes(need));
  return missing === undefined ? undefined : { outcome: "n/a", detail: `${missing} is not claimed` };
}
