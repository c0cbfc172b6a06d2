import type { RunEvent } from "../../engine/model/event.ts";
import type { Ledger, Requirement } from "../../engine/model/ledger.ts";
import { runSuite } from "../../engine/run/run-suite.ts";
import type { Found, Suite, Unmet } from "../../engine/run/suite.ts";
import { withoutUserInfo } from "../../engine/wire/secrets.ts";
import { type Need, StreamContext } from "./context.ts";
import { discover } from "./discover.ts";
import { lostServer } from "./observe/lost-server.ts";
import type { Observation } from "./observe/observation.ts";
import { Publisher } from "./observe/publisher.ts";
import { type EventStreamOptions, type Promises, type Settings, secretsOf, settle } from "./options.ts";
import { STREAM_TESTS } from "./tests/all.ts";
import { PROFILE_VERSION, profileLedger, profileWords } from "./words.ts";

/** All tests judge the same observation, so they run together. */
const JOBS = 64;

/** Each look at the stream has its own limit; `--observe` can make the first one long. */
const TEST_LIMIT_MS = 900_000;

/** The suite for any event stream. */
export const eventStreamSuite: Suite<EventStreamOptions, StreamContext, Need> = {
  name: "sse",
  subject: "server",
  version: PROFILE_VERSION,
  ledger: profileLedger,
  words: profileWords,
  tests: STREAM_TESTS,
  jobs: JOBS,
  testLimitMs: TEST_LIMIT_MS,
  retriesSlow: false,
  nameOf: ({ url }) => withoutUserInfo(url),
  secretsOf,
  async discover(options, run) {
    const settings = settle(options);
    return found(await discover(settings, run), settings);
  },
};

/** Run the suite against an event stream. The last event is always `run-finished`; target problems never throw. */
export function runEventStream(options: EventStreamOptions): AsyncGenerator<RunEvent, void> {
  return runSuite(eventStreamSuite, options);
}

function found(seen: Observation, settings: Settings): Found<StreamContext, Need> {
  const { target } = seen;
  if (target.driver) seen.ticker = (everyMs) => new Publisher(seen).tick(everyMs);
  const { promises, driver, method } = settings;
  return {
    report: {
      mechanisms: [target.vocabulary.name],
      publish: driver !== undefined,
      template: withoutUserInfo(target.url),
      allowed: driver === undefined ? "observe" : "publish",
      ...(driver ? { driver: driver.name } : {}),
      facts: { method, vocabulary: target.vocabulary.name, ...promises },
    },
    ledger: promisedLedger(promises),
    binds: () => true,
    unmet: (needs) => unmetNeed(needs, settings),
    context: (_test, tools) => new StreamContext(seen, tools),
    lost: () => lostServer(seen),
    async end() {
      seen.end();
    },
  };
}

/** The sentences that each promise lifts to a MUST. */
const PROMISED: Readonly<Record<keyof Promises, readonly string[]>> = {
  resume: ["ES-RESUME-1", "ES-RESUME-6", "ES-RESUME-8", "ES-RESUME-9"],
  ids: ["ES-RESUME-2", "ES-RESUME-3"],
  isolation: ["ES-RESUME-10"],
  restart: ["ES-RESUME-11"],
  end: ["ES-END-1", "ES-END-4"],
};

/** The ledger in which what the server promises binds as a MUST. */
function promisedLedger(promises: Promises): Ledger {
  const lifted = new Map<string, string>();
  for (const [name, value] of Object.entries(promises))
    for (const id of PROMISED[name as keyof Promises]) lifted.set(id, `${name}: ${value}`);
  const lift = (row: Requirement): Requirement => {
    const promise = lifted.get(row.id);
    return promise === undefined ? row : { ...row, level: "MUST", keyword: "MUST" };
  };
  return new Map([...profileLedger].map(([id, row]) => [id, lift(row)]));
}

function unmetNeed(needs: readonly Need[], settings: Settings): Unmet | undefined {
  const { driver, payload, thorough, method, resumeUrl, control, setup = [] } = settings;
  const unmet = (reason: `NEEDS_${string}`, detail: string): Unmet => ({
    outcome: "not-run",
    reason,
    detail,
  });
  for (const need of needs) {
    if (need === "publish" && !driver)
      return unmet("NEEDS_PUBLISH", "the suite cannot publish: pass --publish");
    if (need === "text" && payload !== "text")
      return unmet("NEEDS_PUBLISH", "the suite cannot publish text: pass --publish with --payload text");
    if (need === "thorough" && !thorough)
      return unmet("NEEDS_THOROUGH", "only --thorough does this to a server");
    if (need === "get" && method !== "GET" && resumeUrl === undefined)
      return { outcome: "n/a", detail: `each ${method} starts a stream of its own` };
    if (need === "restart" && !control?.restart)
      return unmet("NEEDS_RESTART", "the suite cannot restart the server: configure control.restart");
    if (need === "sessions" && setup.length === 0 && method === "GET")
      return unmet("NEEDS_SESSIONS", "the suite knows no way to open a second session: configure setup");
  }
  return undefined;
}
