// An editor shows no false errors, whether the checkout is built or not. Like an editor, the test asks TypeScript's
// server.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SERVER = createRequire(import.meta.url).resolve("typescript/lib/tsserver.js");

/** Tests, harnesses, scripts and code: at least one file from each kind of place. */
const FILES = [
  "packages/protocol/src/pages/cursor.test.ts",
  "testing/servers/serving.ts",
  "packages/server-sse/src/sse.test.ts",
  "packages/log-nats/src/crash.test.ts",
  "packages/log-nats/prove/cluster.test.ts",
  "packages/client-sse/src/sse.test.ts",
  "packages/client/src/resume.test.ts",
  "conformance/src/suites/tidemark/server/run-test.test.ts",
  "proof/src/python-server.test.ts",
  "spec/scripts/vectors.test.ts",
  "benchmarks/src/main.ts",
  "tools/imports.test.ts",
];

interface Answer {
  readonly type: string;
  readonly request_seq: number;
  readonly success: boolean;
  readonly body?: readonly { readonly text: string }[];
}

/** TypeScript's language server. */
class TypeScriptServer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #seq = 0;
  #text = "";

  constructor() {
    this.#child = spawn(process.execPath, [SERVER, "--disableAutomaticTypingAcquisition"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  /** The errors that an editor shows in a file, with the content on disk or with `fileContent`. */
  async errorsIn(file: string, fileContent?: string): Promise<string[]> {
    this.#send("open", { file, fileContent });
    const { success, body = [] } = await new Promise<Answer>((resolve) => {
      this.#waiting.set(this.#send("semanticDiagnosticsSync", { file }), resolve);
    });
    assert.ok(success, `the server did not answer for ${file}`);
    return body.map(({ text }) => text);
  }

  end(): void {
    this.#child.kill();
  }

  #send(command: string, options: object): number {
    this.#seq += 1;
    const request = { seq: this.#seq, type: "request", command, arguments: options };
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    return this.#seq;
  }

  /** Each message is a line of JSON; its header lines are not JSON. */
  #read(chunk: string): void {
    const lines = (this.#text + chunk).split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.startsWith("{"))) {
      const answer: Answer = JSON.parse(line);
      if (answer.type === "response") this.#waiting.get(answer.request_seq)?.(answer);
    }
  }
}

const server = new TypeScriptServer();
test.after(() => server.end());

for (const file of FILES)
  test(`an editor shows no error in ${file}`, async () => {
    assert.equal(await server.errorsIn(`${ROOT}${file}`), []);
  });

test("an editor shows a real error", async () => {
  const errors = await server.errorsIn(
    `${ROOT}spec/scripts/rules.ts`,
    'export const rule: number = "none";\n',
  );
  assert.equal(errors, ["Type 'string' is not assignable to type 'number'."]);
});

test.run();
