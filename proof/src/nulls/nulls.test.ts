import type { RunReport } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportOn } from "../judge/report.ts";
import { NULL_TARGETS, type NullTarget } from "./nulls.ts";

const EXIT = { violation: 1, noVerdict: 3 };

async function reportOnNull(target: NullTarget): Promise<RunReport> {
  const server = await target.start();
  try {
    return await reportOn({ url: server.url, seed: 1 });
  } finally {
    await server.close();
  }
}

// Most targets only make the suite wait, so all run at once.
const reports = new Map(NULL_TARGETS.map((target) => [target.id, reportOnNull(target)]));

for (const { id, keeps } of NULL_TARGETS)
  test(`a target that is not a Tidemark server passes nothing: ${id}`, async () => {
    const report = await reports.get(id);
    const passed = report?.tests.filter(({ outcome }) => outcome === "pass").map((result) => result.id);
    assert.equal(passed?.sort(), [...(keeps ?? [])]);
    assert.is(report?.verdict.exitCode, keeps ? EXIT.violation : EXIT.noVerdict, report?.verdict.line);
  });

test.run();
