// A whole second suite: a server answers `200` and `text/plain`. Run as a program, it is the command line with this
// suite beside the others.
import { defined, parseUrl } from "../engine/config/values.ts";
import { same } from "../engine/model/claim.ts";
import type { Requirement } from "../engine/model/ledger.ts";
import { HttpContext } from "../engine/run/http-context.ts";
import type { RunOptions } from "../engine/run/options.ts";
import { NoVerdict, type Suite } from "../engine/run/suite.ts";
import type { SuiteCommand } from "../engine/run/suite-command.ts";
import type { Exchange } from "../engine/wire/exchange.ts";
import { Exchange as Sent } from "../engine/wire/exchange.ts";
import { buildRequest } from "../engine/wire/request.ts";

interface TinyOptions extends RunOptions {
  readonly url: string;
  readonly shout?: boolean;
}

/** What a test may need: a target that can be shouted at. */
type TinyNeed = "shout";

class TinyContext extends HttpContext {
  readonly #url: string;

  constructor(url: string, ...rest: ConstructorParameters<typeof HttpContext>) {
    super(...rest);
    this.#url = url;
  }

  greet(): Promise<Exchange> {
    return this.ask({ url: this.#url });
  }
}

function requirement(id: string, level: "MUST" | "SHOULD"): [string, Requirement] {
  const text = `A server ${level} do ${id}.`;
  const anchor = `profiles/tiny.md#${id.toLowerCase()}`;
  const rest = { class: "greeting", observable: true, reason: undefined };
  return [id, { id, level, keyword: level, subject: "server", text, anchor, ...rest }];
}

const tinySuite: Suite<TinyOptions, TinyContext, TinyNeed> = {
  name: "tiny",
  subject: "server",
  version: "0.9",
  ledger: new Map([requirement("TINY-STATUS-1", "MUST"), requirement("TINY-SHOUT-1", "MUST")]),
  words: {
    title: "Tiny",
    chapters: ["greeting"],
    kinds: [{ kind: "other", title: "greetings", short: "hi" }],
    reasons: { NEEDS_SHOUT: "need --shout" },
    verdict: ({ kind, summary }) =>
      kind === "no-verdict"
        ? undefined
        : `TINY: ${summary?.must.verified}/${summary?.must.applicable} greeted (${kind})`,
  },
  tests: [
    {
      id: "tiny/greets",
      title: "A greeting is answered with 200",
      requirements: ["TINY-STATUS-1"],
      async run(t) {
        t.check("TINY-STATUS-1", same("status", (await t.greet()).status, 200));
      },
    },
    {
      id: "tiny/shouts",
      title: "A loud greeting is answered in plain text",
      requirements: ["TINY-SHOUT-1"],
      needs: ["shout"],
      async run(t) {
        const { headers } = await t.greet();
        t.check("TINY-SHOUT-1", same("lines of the head", headers.length > 0, true));
      },
    },
  ],
  jobs: 2,
  testLimitMs: 10_000,
  retriesSlow: false,
  nameOf: ({ url }) => url,
  async discover({ url, shout = false }, { redact }) {
    const first = await new Sent(buildRequest({ url }), { insecure: false }).done(5_000);
    if (first.status === undefined) throw new NoVerdict("nobody greets back");
    const target = { headers: [], redact, insecure: false };
    return {
      report: { mechanisms: ["greeting"], publish: false, facts: { mood: "fine" } },
      binds: () => true,
      unmet: (needs) =>
        needs.includes("shout") && !shout
          ? { outcome: "not-run", reason: "NEEDS_SHOUT", detail: "the run may not shout" }
          : undefined,
      context: (_test, tools) => new TinyContext(url, target, tools),
    };
  },
};

/** The suite's command. */
export const tinyCommand: SuiteCommand<TinyOptions, TinyContext, TinyNeed> = {
  suite: tinySuite,
  description: "run the tiny suite",
  declareTarget(command) {
    command.argument("<url>", "the server", parseUrl).option("--shout", "greet loudly, too");
  },
  async plan([url = ""], { shout }) {
    const options = defined<TinyOptions>({ url, shout: shout === true ? true : undefined });
    return { options, words: [url, ...(options.shout ? ["--shout"] : [])] };
  },
  example: (url) => `# tiny\nurl: ${url}\n`,
};
