import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ANSWER_FAULTS } from "../testing/intermediaries/answers.ts";
import { BODY_FAULTS } from "../testing/intermediaries/bodies.ts";
import { type Hooks, intermediary } from "../testing/intermediaries/intermediary.ts";
import type { QuestionId } from "./answer.ts";
import { type Origin, startOrigin } from "./origin/origin.ts";
import { hopLines } from "./report/compare.ts";
import { type PathReport, runPath } from "./run-path.ts";

const test = suite("a path");
let origin: Origin;
test.before(async () => {
  origin = await startOrigin();
});
test.after(() => origin.close());

function measure(port: number, only: readonly QuestionId[], idleMs = 1_000): Promise<PathReport> {
  const base = new URL(`http://127.0.0.1:${port}/probe/`);
  return runPath({ base, token: origin.token, insecure: false, headers: {}, idleMs, only });
}

async function behind(
  hooks: Hooks | undefined,
  only: readonly QuestionId[],
  idleMs?: number,
): Promise<PathReport> {
  assert.ok(hooks);
  const between = await intermediary(origin.port, hooks);
  const report = await measure(between.port, only, idleMs);
  await between.close();
  return report;
}

test("a stream that is held back is blamed once, with each write's time as the proof", async () => {
  const hooks = BODY_FAULTS["holds streams back until their end"]?.hooks;
  const report = await behind(hooks, ["stream", "accept"]);
  const [stream] = report.answers.filter(({ id }) => id === "stream");
  assert.equal([stream?.standing, stream?.text], ["fault", "no: held back until the end of the answer"]);
  assert.match(stream?.proof.join("\n") ?? "", /write 1 \(16 bytes\): sent at .*, arrived \d+\.\d s later/);
  assert.is(report.answers.find(({ id }) => id === "accept")?.text, "not judged: see stream");
  assert.is(report.verdict.kind, "long polls");
  assert.equal(
    report.settings.map(({ id }) => id),
    ["stream"],
  );
});

test("a limit on silence leads to settings with its figures", async () => {
  const hooks = BODY_FAULTS["cuts silent streams after 5 s"]?.hooks;
  const { settings } = await behind(hooks, ["idle", "heartbeat"], 7_000);
  assert.equal(
    settings.map(({ id }) => id),
    ["idle"],
  );
  assert.match(
    settings[0]?.advice ?? "",
    /^idle streams are cut after [45] s: set the heartbeat to at most [12](\.\d)? s$/,
  );
});

test("a path that drops the query is asked nothing else, and another server is not taken for the origin", async () => {
  const removed = await behind(ANSWER_FAULTS["removes the query"]?.hooks(), ["stream"]);
  assert.equal(removed.answers.find(({ id }) => id === "stream")?.text, "not asked: see query");
  assert.is(removed.verdict.kind, "nothing");
  const other = await behind(ANSWER_FAULTS["answers everything itself"]?.hooks(), ["stream"]);
  assert.equal([other.verdict.kind, other.verdict.exitCode], ["no answer", 3]);
});

test("two addresses show at which hop a problem occurs", async () => {
  const [inner, outer] = await Promise.all([
    measure(origin.port, ["response-fields"]),
    behind(ANSWER_FAULTS["removes Tidemark"]?.hooks(), ["response-fields"]),
  ]);
  const near = hopLines(inner, outer).join("\n");
  assert.match(near, /Tidemark is removed\n {4}between the outer and the inner address/);
  assert.match(hopLines(outer, outer).join("\n"), /Tidemark is removed\n {4}behind the inner address/);
});

test.run();
