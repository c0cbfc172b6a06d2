import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import type { Fault } from "./document.ts";
import { dataFaults, readSpecification } from "./specification.ts";

const SPEC = fileURLToPath(new URL("..", import.meta.url));
const FILES = /^[\w-]+\.(?:md|json|yaml)$|^(?:vectors|schemas|profiles)(?:\/|$)/;

/** Whether an error is only one that every edit of the text causes. */
function followsFromText({ message }: Fault): boolean {
  return message.startsWith("is out of date");
}

/** The first error in a copy of the specification in which a file was edited. */
function firstFault(file: string, edit: (text: string) => string): string | undefined {
  const root = mkdtempSync(join(tmpdir(), "tidemark-spec-"));
  try {
    const isData = (path: string) => path.length <= SPEC.length || FILES.test(path.slice(SPEC.length));
    cpSync(SPEC, root, { recursive: true, filter: isData });
    const before = readFileSync(join(root, file), "utf8");
    const after = edit(before);
    if (after === before) throw new Error(`nothing to edit in ${file}`);
    writeFileSync(join(root, file), after);
    const specification = readSpecification(root);
    const [fault] = [...specification.faults, ...dataFaults(root, specification, () => undefined)].sort(
      (one, other) => Number(followsFromText(one)) - Number(followsFromText(other)),
    );
    return fault && `${fault.file}: ${fault.message}`;
  } finally {
    rmSync(root, { recursive: true });
  }
}

const BROKEN: readonly {
  readonly rule: string;
  readonly file: string;
  readonly edit: readonly [string, string];
  readonly fault: string;
}[] = [
  {
    rule: "a keyword is in a requirement with an id",
    file: "core.md",
    edit: ["## Reading\n", "## Reading\n\nA server MUST read.\n"],
    fault: "core.md: keyword MUST outside a requirement block",
  },
  {
    rule: "the tests of a changed sentence are reviewed",
    file: "sse.md",
    edit: ["even if the query has `after`.", "even if there is `after`."],
    fault: "sse.md: SSE-RESUME-1 has changed since its tests were last reviewed",
  },
  {
    rule: "normative text has no lower-case keyword",
    file: "polling.md",
    edit: ["# Tidemark: polling\n", "# Tidemark: polling\n\nA page should be short.\n"],
    fault: 'polling.md: "should" in normative text looks like a keyword: use another word',
  },
  {
    rule: "a sentence has one duty",
    file: "publishing.md",
    edit: ["A server MUST ignore members", "A server MUST read and MUST ignore members"],
    fault: "publishing.md: PUB-BODY-6 has two duties: MUST, MUST",
  },
  {
    rule: "a reference in the text is to a requirement",
    file: "clients.md",
    edit: ["a refusal by SSE-REFUSE-1", "a refusal by SSE-REFUSE-9"],
    fault: "clients.md: reference to SSE-REFUSE-9, which is not defined",
  },
  {
    rule: "a reference in a vector is to a requirement",
    file: "vectors/cursors.json",
    edit: ["CORE-PARAM-3", "CORE-PARAM-99"],
    fault: "vectors/cursors.json: reference to CORE-PARAM-99, which is not defined",
  },
  {
    rule: "the tests of changed vectors are reviewed, even if one byte changed",
    file: "vectors/cursors.json",
    edit: ['"id": "c', '"id": "C'],
    fault: "vectors/cursors.json: vectors/cursors.json has changed since its tests were last reviewed",
  },
  {
    rule: "an id is unique",
    file: "long-polling.md",
    edit: ["LP-WAIT-2**", "LP-WAIT-1**"],
    fault: "long-polling.md: duplicate id LP-WAIT-1",
  },
  {
    rule: "the text is short",
    file: "core.md",
    edit: ["## Terms\n", `## Terms\n\n${"word ".repeat(6000)}\n`],
    fault: "spec: 1",
  },
  {
    rule: "an example is a complete exchange",
    file: "sse.md",
    edit: ["```http id=sse-stop\nGET", "```http id=sse-stop\nget"],
    fault: "sse.md: malformed example sse-stop",
  },
  {
    rule: "a problem is a valid row of the registry",
    file: "core.md",
    edit: ["| `gap` | 410 |", "| `gap` | 210 |"],
    fault: "core.md: malformed or repeated problem: | `gap` | 210 |",
  },
  {
    rule: "the ledger is up to date",
    file: "requirements.json",
    edit: ["A server MUST", "A server SHOULD"],
    fault: "requirements.json: is out of date: run the collector",
  },
  {
    rule: "the examples are up to date, byte for byte",
    file: "examples.json",
    edit: ['"hello\\"', '"hullo\\"'],
    fault: "examples.json: is out of date: run the collector",
  },
];

for (const { rule, file, edit, fault } of BROKEN)
  test(`rejected if broken: ${rule}`, () => {
    const found = firstFault(file, (text) => text.replace(...edit)) ?? "";
    assert.ok(found.startsWith(fault), `expected ${fault}\ngot ${found}`);
  });

test("the specification and its data have no error", () => {
  const collector = fileURLToPath(new URL("collect.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...sources, collector, "--check"], {
    encoding: "utf8",
  });
  assert.is(stderr, "");
  assert.is(status, 0);
  assert.match(stdout, /\d+ requirements, \d+ not observable, \d+ words/);
});

test.run();
