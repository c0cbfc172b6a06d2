// The report on a broken server says what is wrong and why, and prints commands that show it.
import { httpControl, type RunReport } from "@tidemark/conformance";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ensureProgram } from "../../tools/ensure.mjs";
import { isLagged } from "../src/judge/kill.ts";
import { reportOn } from "../src/judge/report.ts";
import { ALL_MUTANTS } from "../src/mutants/all.ts";
import type { Mutant } from "../src/mutants/mutant.ts";
import type { Running } from "../src/peer/parts.ts";
import { start } from "../src/peer/start.ts";
import { runProgram } from "../src/run-program.ts";

interface Failure {
  readonly mutant: string;
  readonly test: string;
  /** Matches the evidence. */
  readonly says: RegExp;
  /** Matches the answer that the printed commands point at. */
  readonly shows: RegExp;
}

/** One test for each mutant, with commands that a reader would try. */
const FAILURES: readonly Failure[] = [
  {
    mutant: "cursors-compared-as-text",
    test: "server/core/reads-exactly-what-follows-by-poll",
    says: /messages after cursor 2: expected 10: .*, got 7: /,
    shows: /"data":9\}\],/,
  },
  {
    mutant: "resume-is-inclusive",
    test: "server/core/reads-exactly-what-follows-by-sse",
    says: /messages after cursor 1: expected 11: .*, got 12: /,
    shows: /event: \$open[\s\S]*data: 1\n/,
  },
  {
    mutant: "empty-page-rewinds",
    test: "server/polling/cursor-is-where-the-page-ends",
    says: /`cursor` of the empty page: expected ".*\.3\..*", got ".*\.0\./,
    shows: /"messages":\[\],"cursor":"[^."]+\.0\./,
  },
  {
    mutant: "readers-steal-from-each-other",
    test: "server/long-polling/wakes-every-reader",
    says: /messages for reader 2 of 3: expected 1, got 0/,
    shows: /"messages":\[\]/,
  },
  {
    mutant: "held-poll-sleeps-through-a-close",
    test: "server/long-polling/wakes-on-close",
    says: /the answer after the close: expected within 2000 ms, got after/,
    shows: /"closed":true/,
  },
  {
    mutant: "gap-in-a-block-of-its-own",
    test: "server/sse/gap-is-told-in-the-first-block",
    says: /`gap` in the data of the first block with an id: expected an object, got \(nothing\)/,
    shows: /event: \$open\ndata: \{"heartbeat":2\}\n/,
  },
  {
    mutant: "heartbeat-with-an-empty-id",
    test: "server/sse/heartbeat",
    says: /its id: expected ".+", got ""/,
    shows: /event: \$heartbeat\ndata: .*\nid:\s*\n/,
  },
  {
    mutant: "payload-over-several-lines",
    test: "server/sse/one-data-line",
    says: /data lines of the block lines: expected at most 1, got 2/,
    shows: /data: .*\ndata: /,
  },
  {
    mutant: "no-vary",
    test: "server/core/304-is-cached-as-its-page",
    says: /Vary of the 304: expected a list with Accept, got \(nothing\)/,
    shows: /^HTTP\/1\.1 304 (?![\s\S]*\nVary:)/,
  },
  {
    mutant: "key-is-ignored",
    test: "server/publishing/key-repeats-the-first-answer",
    says: /its cursors, cursor and closed: expected '.*\.1\..*\.2\..*', got '.*\.4\..*\.5\./,
    shows: /"cursors":\["[^."]+\.4\./,
  },
  {
    mutant: "unsupported-filter-is-ignored",
    test: "server/core/filter-that-is-not-offered-is-refused",
    says: /the answer to event: expected 400 unsupported-parameter, got 200/,
    shows: /^HTTP\/1\.1 200 /,
  },
  {
    mutant: "trimmed-history-is-skipped",
    test: "server/core/dropped-history-is-a-gap",
    says: /the answer by poll after message 0, where 4 that follow are dropped: expected 410 gap, got 200/,
    shows: /^HTTP\/1\.1 200 [\s\S]*"data":5\}/,
  },
];

const failures = suite("the report on a broken server");
const sh = ensureProgram("curl") && "sh";

for (const failure of FAILURES)
  failures(`${failure.mutant}: ${failure.test}`, async () => {
    const mutant = ALL_MUTANTS.find(({ id }) => id === failure.mutant);
    assert.ok(mutant);
    const server = await start(mutant);
    try {
      const [result] = (await decided(() => reportOnTest(mutant, server, failure.test))).tests;
      assert.is(result?.outcome, "fail");
      const evidence = result?.requirements.flatMap((row) => row.evidence.filter(({ ok }) => !ok)) ?? [];
      const said = evidence.map(
        ({ what, expected, actual }) => `${what}: expected ${expected}, got ${actual}`,
      );
      assert.match(said.join("\n"), failure.says);
      const { output } = await runProgram(sh, ["-c", marked(result?.curl ?? "")]);
      assert.match(pointedAt(output), failure.shows);
    } finally {
      await server.close();
    }
  });

function reportOnTest(mutant: Mutant, server: Running, test: string): Promise<RunReport> {
  const control = mutant.isProvoked ? { control: httpControl(server.controlUrl) } : {};
  return reportOn({ url: server.url, seed: 1, ...control, ...mutant.suite?.(server), run: [test] });
}

/** How often to run while this process itself is late, as on a busy machine. */
const ATTEMPTS = 5;

async function decided(run: () => Promise<RunReport>): Promise<RunReport> {
  let report = await run();
  for (let attempt = 1; isLagged(report) && attempt < ATTEMPTS; attempt += 1) report = await run();
  return report;
}

const MARK = "=====";

/** The printed commands, which also print a mark before the answer to look at. */
function marked(script: string): string {
  return script.replace(/^# look at this answer.*$/m, `$&\necho; echo ${MARK}`);
}

/** The output after the mark, or all of it if there was only one command. */
function pointedAt(output: string): string {
  const text = output.replaceAll("\r", "");
  const at = text.indexOf(`${MARK}\n`);
  return at === -1 ? text : text.slice(at + MARK.length + 1);
}

failures.run();
