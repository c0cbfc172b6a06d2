// The commands that a finding prints show the fault to somebody who has only a shell: on the broken server they print
// something that they do not print on the plain one.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { optionsFor, runOn, type Way, withServer } from "../src/event-streams/judge/run.ts";
import { STREAM_MUTANTS } from "../src/event-streams/mutants/all.ts";
import { PLAIN_STREAMS } from "../src/event-streams/oddities/all.ts";
import type { StreamServer } from "../src/event-streams/server.ts";

const sh = promisify(execFile);

/** The numbers of the plain server's ids, in the order of the output. */
const numbers = (output: string): number[] =>
  [...output.matchAll(/id: \S*?-?(\d+)\r?$/gm)].map(([, n]) => Number(n));

/** The number of the last id that was read, and the numbers of what came after it. */
function resumed(output: string): { readonly last: number; readonly after: readonly number[] } {
  const [before = "", after = ""] = output.split(/(?<=last id: .*)\n/);
  return { last: Number(/(\d+)$/.exec(before.trim())?.[1]), after: numbers(after) };
}

interface Shown {
  readonly mutant: string;
  readonly requirement: string;
  readonly way: Way;
  /** Whether the output shows the fault. */
  isFault(output: string): boolean;
}

const SHOWN: readonly Shown[] = [
  {
    mutant: "skips-one",
    requirement: "ES-RESUME-6",
    way: "url",
    isFault: (output) => resumed(output).after[0] !== resumed(output).last + 1,
  },
  {
    mutant: "sends-everything-again",
    requirement: "ES-RESUME-6",
    way: "publisher",
    isFault: (output) => resumed(output).after[0] !== resumed(output).last + 1,
  },
  {
    mutant: "deaf-after-the-history",
    requirement: "ES-RESUME-6",
    way: "url",
    isFault: (output) => resumed(output).after.length < 50, // ten seconds have a hundred events
  },
  {
    mutant: "counts-for-each-connection",
    requirement: "ES-RESUME-3",
    way: "url",
    isFault: (output) => /^first: {2}id: 3$/m.test(output) && /^second: id: 3$/m.test(output),
  },
  {
    mutant: "readers-take-turns",
    requirement: "ES-LIFE-5",
    way: "url",
    isFault: (output) => {
      const ids = (name: string): string[] => output.match(new RegExp(`^${name}id.*`, "gm")) ?? [];
      const first = new Set(ids("first:  ").map((line) => line.slice(8)));
      return ids("second: ").every((line) => !first.has(line.slice(8)));
    },
  },
  {
    mutant: "time-as-id",
    requirement: "ES-RESUME-2",
    way: "publisher",
    isFault: (output) => new Set(numbers(output)).size < numbers(output).length,
  },
  {
    mutant: "bare-cr",
    requirement: "ES-FRAME-3",
    way: "publisher",
    isFault: (output) => /^data: tm\w+\r/m.test(output),
  },
  {
    mutant: "head-waits-for-an-event",
    requirement: "ES-OPEN-4",
    way: "url",
    isFault: (output) => Number(/head after ([\d.]+) s/.exec(output)?.[1]) > 1,
  },
  {
    mutant: "gzip-in-blocks",
    requirement: "ES-OPEN-11",
    way: "url",
    // A block of sixty events comes every six seconds; ten seconds have a hundred events.
    isFault: (output) => numbers(output).length <= 60,
  },
  {
    mutant: "head-request-hangs",
    requirement: "ES-OPEN-13",
    way: "url",
    isFault: (output) => !/^HTTP/m.test(output),
  },
];

/** What the commands print; they read streams that do not end, so their exit code means nothing. */
async function outputOf(commands: string): Promise<string> {
  const options = { encoding: "utf8", maxBuffer: 1e8 } as const;
  const { stdout } = await sh("sh", ["-c", commands], options).catch((error) => error);
  return stdout;
}

/** The commands for one server, changed to ask another one. */
function onOther(commands: string, { url }: StreamServer, other: StreamServer): string {
  return commands.replaceAll(new URL(url).host, new URL(other.url).host);
}

async function isShown({ mutant, requirement, way, isFault }: Shown): Promise<readonly boolean[]> {
  const subject = STREAM_MUTANTS.find(({ id }) => id === mutant);
  const plain = PLAIN_STREAMS.find(({ kind }) => kind === subject?.kind);
  assert.ok(subject && plain);
  return withServer(subject, async (server) => {
    const { tests } = await runOn(server.url, optionsFor(server, subject, way));
    const found = tests.find(
      ({ outcome, requirements }) =>
        (outcome === "fail" || outcome === "warn") &&
        requirements.some((row) => row.requirement === requirement && row.evidence.some(({ ok }) => !ok)),
    );
    const commands = found?.curl ?? "";
    const bad = outputOf(commands);
    const good = withServer(plain, (other) => outputOf(onOther(commands, server, other)));
    return [isFault(await bad), isFault(await good)];
  });
}

/** Servers, suite and shells share this machine: only a few at a time. */
const AT_ONCE = 3;
const started: Promise<unknown>[] = [];

for (const one of SHOWN) {
  const before = started.at(-AT_ONCE) ?? Promise.resolve();
  const result = before.then(() => isShown(one));
  started.push(result.catch(() => undefined)); // its own test hears of the failure
  test(`the commands for ${one.requirement} show what ${one.mutant} does, and nothing on the plain server`, async () => {
    assert.equal(await result, [true, false]);
  });
}

test.run();
