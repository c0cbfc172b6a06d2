import type { TestResult } from "../model/result.ts";
import { failureLines } from "../report/failure.ts";
import { quote } from "../wire/shell.ts";
import type { ServerOptions } from "./options.ts";
import { Session } from "./session.ts";

/** One test for any test framework: `it(test.id, () => test.run())`. */
export interface ServerTest {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /**
   * Run it. Resolves to its result, also when it decided nothing or does not apply.
   * @throws {ConformanceFailure} when a requirement is violated or the harness failed, and that is not known; also
   * when the baseline has it as known and that is not right any more
   * @throws {NoVerdict} when the target speaks no Tidemark
   */
  run(): Promise<TestResult>;
}

/** A test failed; the message is the whole report of it. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
  readonly result: TestResult;

  constructor(result: TestResult, message: string) {
    super(message);
    this.result = result;
  }
}

/** The tests of the suite as functions; they share one discovery, made when the first of them runs. */
export function serverTests(options: ServerOptions): readonly ServerTest[] {
  const session = new Session(options);
  const replay = (id: string): string =>
    `npx tidemark-conformance server ${quote(session.settings.url)} --run ${quote(id)}`;
  return session.selected().map((test) => ({
    id: test.id,
    title: test.title,
    requirements: test.requirements,
    async run(): Promise<TestResult> {
      const result = await session.run(test);
      const [fault] = session.baselineFaults([result]).filter((row) => row.test === test.id);
      if (fault)
        throw new ConformanceFailure(result, `baseline: ${test.id} is ${fault.fault}: ${fault.detail}`);
      const failed = result.outcome === "fail" || result.outcome === "error";
      if (!failed || result.known) return result;
      const lines = failureLines(result, { ledger: session.ledger, replay });
      throw new ConformanceFailure(result, lines.join("\n"));
    },
  }));
}
