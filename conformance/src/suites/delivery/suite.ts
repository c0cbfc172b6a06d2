import type { RunEvent } from "../../engine/model/event.ts";
import type { Ledger, Requirement } from "../../engine/model/ledger.ts";
import { runSuite } from "../../engine/run/run-suite.ts";
import type { Found, RunTools, Suite, Unmet } from "../../engine/run/suite.ts";
import { withoutUserInfo } from "../../engine/wire/secrets.ts";
import { DeliveryContext, type Need } from "./context.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryPromises, PositionConfig } from "./dialect/dialect.ts";
import { MECHANISMS } from "./dialect/dialect.ts";
import { discover, senderOf } from "./discover.ts";
import { hasFeeds } from "./feed.ts";
import { type DeliveryOptions, secretsOf } from "./options.ts";
import { DELIVERY_TESTS } from "./tests/all.ts";
import { deliveryLedger, deliveryWords, PROFILE_VERSION } from "./words.ts";

/** Each test has its own feed and a few readers. */
const JOBS = 6;

/** Many short waits add up on a busy machine. */
const TEST_LIMIT_MS = 120_000;

/** The suite for any delivery of messages. */
export const deliverySuite: Suite<DeliveryOptions, DeliveryContext, Need> = {
  name: "delivery",
  subject: "server",
  version: PROFILE_VERSION,
  ledger: deliveryLedger,
  words: deliveryWords,
  tests: DELIVERY_TESTS,
  jobs: JOBS,
  testLimitMs: TEST_LIMIT_MS,
  retriesSlow: true,
  nameOf: ({ url }) => withoutUserInfo(url),
  secretsOf,
  async discover(options, run) {
    return found(await discover(options, run), options, run);
  },
};

/** Run the suite against a server. The last event is always `run-finished`; target problems never throw. */
export function runDelivery(options: DeliveryOptions): AsyncGenerator<RunEvent, void> {
  return runSuite(deliverySuite, options);
}

function found(
  delivery: Delivery,
  options: DeliveryOptions,
  { signal }: RunTools,
): Found<DeliveryContext, Need> {
  const { dialect, driver } = options;
  const { target, offered } = delivery;
  const sender = senderOf(options, target, signal);
  const { promises } = target;
  const unpromised = Object.entries(PROMISED)
    .filter(([name]) => !isPromised(promises, name as keyof DeliveryPromises) && name !== "resume")
    .filter(([name]) => GATED.includes(name))
    .flatMap(([, ids]) => ids);
  return {
    report: {
      mechanisms: offered,
      publish: true,
      template: withoutUserInfo(target.base),
      allowed: "publish",
      ...(driver ? { driver: driver.name } : {}),
      facts: {
        dialect: dialect.name.replace(/^.*[\\/]|\.ya?ml$/g, ""),
        promises: Object.entries(promises)
          .map(([name, value]) => `${name}: ${value}`)
          .join(", "),
        "not promised": unpromised.join(", "),
      },
    },
    ledger: promisedLedger(promises),
    binds: () => true,
    unmet: (needs) => unmetNeed(needs, delivery),
    context: (_test, tools) => new DeliveryContext(delivery, tools),
    async tidy({ feeds, target: { dialect: spoken } }) {
      if (spoken.remove) for (const feed of feeds) await feed.removeWith(spoken.remove, sender);
    },
  };
}

/** The sentences that each promise lifts to a MUST. */
export const PROMISED: Readonly<Record<keyof DeliveryPromises, readonly string[]>> = {
  delivery: ["DL-READ-1", "DL-READ-2", "DL-READ-3", "DL-WAIT-1", "DL-WAIT-2"],
  order: ["DL-ORDER-1", "DL-ORDER-2"],
  start: ["DL-ORDER-3", "DL-POS-5"],
  resume: ["DL-POS-1", "DL-POS-2", "DL-POS-3", "DL-POS-4", "DL-WAIT-4"],
  positions: ["DL-POS-6"],
  restart: ["DL-POS-7"],
  "unknown-position": ["DL-LOSS-1"],
  "lost-history": ["DL-LOSS-2"],
  end: ["DL-END-1", "DL-END-2"],
  isolation: ["DL-FEED-2"],
};

/** Promises whose sentences apply only to servers that make them. */
const GATED: readonly string[] = [
  "start",
  "positions",
  "restart",
  "unknown-position",
  "lost-history",
  "end",
  "isolation",
];

function isPromised(promises: DeliveryPromises, name: keyof DeliveryPromises): boolean {
  return promises[name] !== undefined && promises[name] !== "none";
}

/** The ledger in which what the server promises binds as a MUST. */
function promisedLedger(promises: DeliveryPromises): Ledger {
  const lifted = new Set(
    Object.entries(PROMISED)
      .filter(([name]) => isPromised(promises, name as keyof DeliveryPromises))
      .flatMap(([, ids]) => ids),
  );
  const lift = (row: Requirement): Requirement =>
    lifted.has(row.id) ? { ...row, level: "MUST", keyword: row.keyword.replace("SHOULD", "MUST") } : row;
  return new Map([...deliveryLedger].map(([id, row]) => [id, lift(row)]));
}

function unmetNeed(needs: readonly Need[], delivery: Delivery): Unmet | undefined {
  for (const need of needs) {
    const unmet = need.startsWith("promise:")
      ? unpromised(need.slice("promise:".length), delivery)
      : lacking(need, delivery);
    if (unmet) return unmet;
  }
  return undefined;
}

function unpromised(name: string, { target: { promises } }: Delivery): Unmet | undefined {
  if (isPromised(promises, name as keyof DeliveryPromises)) return undefined;
  return { outcome: "n/a", detail: `not promised: ${name}` };
}

function lacking(need: Need, { target, offered }: Delivery): Unmet | undefined {
  const { dialect, control, promises } = target;
  const notRun = (reason: `NEEDS_${string}`, detail: string): Unmet => ({
    outcome: "not-run",
    reason,
    detail,
  });
  switch (need) {
    case "poll":
    case "long-poll":
    case "sse":
      return offered.includes(need)
        ? undefined
        : { outcome: "n/a", detail: `the server does not offer ${need}` };
    case "resume": {
      if (promises.resume === "none") return { outcome: "n/a", detail: "not promised: resume" };
      const has = offered.some((one) => one === "sse" || givesPositions(dialect[one]?.position));
      return has ? undefined : { outcome: "n/a", detail: "responses have no positions" };
    }
    case "batch":
      return dialect.batch && !target.driver
        ? undefined
        : { outcome: "n/a", detail: "the dialect does not publish several messages at once" };
    case "close":
      return dialect.close ? undefined : notRun("NEEDS_CLOSE", "the dialect does not say how to end a feed");
    case "loss":
      if (dialect.trim || dialect.keeps !== undefined || control?.trim) return undefined;
      return notRun("NEEDS_LOSS", "the dialect does not say when messages are dropped");
    case "restart":
      if (control?.restart) return undefined;
      return notRun("NEEDS_RESTART", "the suite cannot restart the server: configure control.restart");
    case "feeds":
      if (hasFeeds(target)) return undefined;
      return notRun("NEEDS_FEEDS", "the URL and the dialect have no {channel}");
    case "readers":
      return MECHANISMS.some(
        (one) => offered.includes(one) && (one !== "sse" || (dialect.sse?.readers ?? 2) > 1),
      )
        ? undefined
        : { outcome: "n/a", detail: "a feed has one reader" };
    default:
      return undefined;
  }
}

function givesPositions(position: PositionConfig | undefined): boolean {
  return position?.from !== undefined;
}
