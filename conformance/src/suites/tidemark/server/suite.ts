import type { RunEvent } from "../../../engine/model/event.ts";
import { runSuite } from "../../../engine/run/run-suite.ts";
import type { Found, RunTools, Suite } from "../../../engine/run/suite.ts";
import { type FrameworkOptions, type FrameworkTest, suiteTests } from "../../../engine/run/suite-tests.ts";
import { type Channel, channelAt, hasChannels } from "../../../engine/wire/channel.ts";
import { Exchange } from "../../../engine/wire/exchange.ts";
import { buildRequest } from "../../../engine/wire/request.ts";
import { headerLines, withoutUserInfo } from "../../../engine/wire/secrets.ts";
import { bindsChapter, TIDEMARK_VERSION, tidemarkLedger, tidemarkWords } from "../ledger.ts";
import { TestContext } from "./context/context.ts";
import type { Need, TestDefinition } from "./definition.ts";
import { discover } from "./discover.ts";
import { unmetNeed } from "./needs.ts";
import { type ServerOptions, secretsOf, settle } from "./options.ts";
import type { Target } from "./target.ts";
import { SERVER_TESTS } from "./tests/all.ts";

/** Most tests only wait, so this many at once load neither side. */
const JOBS = 24;

const TEST_LIMIT_MS = 60_000;

/** The suite for Tidemark servers. */
export const serverSuite: Suite<ServerOptions, TestContext, Need> = {
  name: "server",
  subject: "server",
  version: TIDEMARK_VERSION,
  ledger: tidemarkLedger,
  words: tidemarkWords,
  tests: SERVER_TESTS,
  jobs: JOBS,
  testLimitMs: TEST_LIMIT_MS,
  retriesSlow: true,
  nameOf: ({ url }) => withoutUserInfo(url),
  secretsOf,
  async discover(options, run) {
    const settings = settle(options);
    const target = await discover(settings, run);
    return foundTarget(target, (test, n) => nameOfChannel(settings.channels, run, test, n));
  },
};

/** Run the suite against a server. The last event is always `run-finished`; target problems never throw. */
export function runServer(options: ServerOptions): AsyncGenerator<RunEvent, void> {
  return runSuite(serverSuite, options);
}

/** Options of {@link serverTests}: those of a run, and one more. */
export interface ServerTestsOptions extends ServerOptions, FrameworkOptions {}

/** The tests of the suite as functions. They share one discovery, which the first of them makes. */
export function serverTests(options: ServerTestsOptions): readonly FrameworkTest[] {
  return suiteTests(serverSuite, options);
}

/** The part of a run that depends on the target. */
export function foundTarget(
  target: Target,
  channelName: (test: Pick<TestDefinition, "id">, n: number) => string,
): Found<TestContext, Need> {
  const { template, mechanisms, claims, allowed, driver, claimed, redact } = target;
  return {
    report: {
      template: withoutUserInfo(template),
      mechanisms,
      publish: claims.publish,
      allowed,
      ...(driver ? { driver: driver.name } : {}),
      ...(claimed === undefined ? {} : { claimed: redact(claimed) }),
    },
    binds: ({ class: chapter }) => bindsChapter(chapter, { mechanisms, publish: claims.publish }),
    unmet: (needs) => unmetNeed(needs, target),
    context: (test, tools) =>
      new TestContext(target, tools, (n) => {
        const name = channelName(test, n);
        return tools.attempt === 1 ? name : `${name}-${tools.attempt}`;
      }),
    tidy: (t) => removeChannels(target, t.channels),
  };
}

function nameOfChannel(
  pattern: string,
  { id: run }: RunTools,
  { id }: { readonly id: string },
  n: number,
): string {
  const slug = id.split("/").slice(1).join("-");
  return `${pattern.replaceAll("{run}", run).replaceAll("{test}", slug)}-${n}`;
}

/** How long one removal may take; a channel that is not removed by then stays. */
const CLEANUP_LIMIT_MS = 3_000;

/** Remove a test's channels by the protocol's `DELETE`. If the target refuses, they stay. */
async function removeChannels(target: Target, channels: readonly Channel[]): Promise<void> {
  const { template, driver, headers, insecure } = target;
  if (driver?.name !== "protocol" || !hasChannels(template)) return;
  for (const { name } of channels) {
    const { url } = channelAt(template, name);
    const request = buildRequest({ method: "DELETE", url, headers: headerLines(headers) });
    await new Exchange(request, { insecure }).done(CLEANUP_LIMIT_MS);
  }
}
