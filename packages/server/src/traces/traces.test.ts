import { type SpanContext, trace } from "@opentelemetry/api";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Run, serving } from "../../test/tidemark-command.ts";
import { traced } from "./traced-log.ts";

const SDK = new URL("../../test/opentelemetry.mjs", import.meta.url).href;

/** A span as the SDK of the test writes it. */
interface SpanLine extends Pick<SpanContext, "traceId" | "spanId"> {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly parent?: string;
}

function spansOf({ output }: Run): readonly SpanLine[] {
  const lines = output.stderr.split("\n").filter((line) => line.startsWith("span {"));
  return lines.map((line): SpanLine => JSON.parse(line.slice("span ".length)));
}

/** The spans of the client's trace, once its request has ended: that span is the last. */
async function spansIn(traceId: string, run: Run): Promise<readonly SpanLine[]> {
  for (;;) {
    const found = spansOf(run).filter((span) => span.traceId === traceId);
    if (found.some(({ name }) => name === "POST")) return found;
    await new Promise((resolve) => run.child.stderr?.once("data", resolve));
  }
}

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const OTHER = "5bf92f3577b34da6a3ce929d0e0e4736";

function parentIn(traceId: string): Readonly<Record<string, string>> {
  return { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
}

for (const workers of ["1", "2"])
  test(`a call of the log is a span in the client's trace, below the span of its request (workers: ${workers})`, () =>
    serving(
      ["--traces", "--workers", workers],
      async (base, run) => {
        const post = (traceId: string, body: string): Promise<Response> =>
          fetch(`${base}a`, {
            method: "POST",
            headers: { "Content-Type": "application/json", ...parentIn(traceId) },
            body,
          });
        assert.is((await post(TRACE, '{"messages":[{"data":1},{"data":2}]}')).status, 200);
        const spans = await spansIn(TRACE, run);
        const [request] = spans.filter(({ name }) => name === "POST");
        const [append] = spans.filter(({ name }) => name === "tidemark append");
        assert.is(append?.parent, request?.spanId);
        assert.is(append?.attributes["messaging.destination.name"], "a");
        assert.is(append?.attributes["messaging.batch.message_count"], 2);
        assert.is((await post(OTHER, '{"after":"start","messages":[{"data":3}]}')).status, 409);
        const refused = (await spansIn(OTHER, run)).find(({ name }) => name === "tidemark append");
        assert.is(refused?.attributes["tidemark.problem"], "not-at-end");
        assert.is(refused?.status, 0, "a refusal is an answer of the log, not an error");
      },
      { NODE_OPTIONS: `--import=${SDK}` },
    ));

test("without an SDK, --traces says that nothing is recorded, and how to load one", () =>
  serving(["--traces"], async (_, { output }) => {
    assert.match(
      output.stderr,
      /--traces is set, but no OpenTelemetry SDK is registered.*NODE_OPTIONS=--import/,
    );
  }));

test("a traced log answers and fails as the log itself", async () => {
  const log = new MemoryLog();
  const seen = traced(log, trace.getTracer("test"));
  const draft = { json: "1" };
  const { cursor } = await seen.append("a", [draft]);
  assert.equal(
    await seen.read("a", "start", { maxMessages: 1 }),
    await log.read("a", "start", { maxMessages: 1 }),
  );
  assert.is(seen.revision?.("a"), log.revision?.("a"));
  assert.is(await seen.remove("a"), true);
  try {
    await seen.read("a", cursor, { maxMessages: 1 });
    assert.unreachable();
  } catch (error) {
    assert.is(error instanceof ProtocolError && error.code, "gap");
  }
  await seen.dispose();
});

test.run();
