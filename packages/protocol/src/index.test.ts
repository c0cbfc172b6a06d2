import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as protocol from "./index.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("these names are public, and no others", () => {
  assert.equal(Object.keys(protocol).sort(), [
    "CLOSED_EVENT",
    "HEARTBEAT_EVENT",
    "OPEN_EVENT",
    "PROBLEMS",
    "PROBLEM_BASE",
    "ProtocolError",
    "buildReadUrl",
    "createEventStreamDecoder",
    "encodeEvent",
    "encodeMessage",
    "encodePage",
    "formatClaims",
    "formatIdempotencyKey",
    "isCursor",
    "isEventName",
    "isPosition",
    "parseClaims",
    "parseIdempotencyKey",
    "parsePage",
    "parseProblem",
    "parsePublish",
    "parseReadRequest",
    "readGap",
  ]);
});

const script = `
  import { parsePublish } from "@tidemark/protocol";
  try { eval("1"); throw new Error("code can be generated"); } catch (error) { if (error.name !== "EvalError") throw error; }
  const body = new TextEncoder().encode('{"messages":[{"event":"price","data":1e400}]}');
  console.log(JSON.stringify(parsePublish(body)));
`;

test("the built package is self-contained and generates no code at run time", async () => {
  const args = ["--disallow-code-generation-from-strings", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  assert.is(stdout, '{"drafts":[{"event":"price","json":"1e400"}],"close":false}\n');
});

test.run();
