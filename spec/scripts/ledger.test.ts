import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHAPTERS, collect } from "./ledger.ts";

const GOOD = "> **CORE-A-1** · server · MUST\n> A server MUST answer.\n";

function faultsOf(markdown: string, file = "core.md"): readonly string[] {
  return collect([{ file, markdown }]).faults.map(({ line, message }) => `${line}: ${message}`);
}

const BAD: readonly { name: string; text: string; fault: string }[] = [
  {
    name: "a keyword outside a block",
    text: "A server MUST answer.",
    fault: "1: keyword MUST outside a requirement block",
  },
  {
    name: "a negated keyword outside a block",
    text: "It SHALL NOT answer.",
    fault: "1: keyword SHALL NOT outside a requirement block",
  },
  {
    name: "a keyword in a note",
    text: "*Note:* it MAY answer.",
    fault: "1: keyword MAY outside a requirement block",
  },
  {
    name: "a keyword in an informative section",
    text: "## Why (informative)\n\nIt is OPTIONAL.",
    fault: "3: keyword OPTIONAL outside a requirement block",
  },
  {
    name: "a keyword in a table",
    text: "| a | REQUIRED |",
    fault: "1: keyword REQUIRED outside a requirement block",
  },
  {
    name: "a lower-case keyword in normative text",
    text: "It should answer.",
    fault: '1: "should" in normative text looks like a keyword: use another word',
  },
  {
    name: "a capitalized lookalike",
    text: "May it answer.",
    fault: '1: "May" in normative text looks like a keyword: use another word',
  },
  {
    name: "a lookalike inside a block",
    text: "> **CORE-A-1** · server · MUST\n> A server MUST send the required field.",
    fault: '2: "required" in normative text looks like a keyword: use another word',
  },
  {
    name: "two keywords in one block",
    text: "> **CORE-A-1** · server · MUST\n> A server MUST answer and MUST stop.",
    fault: "1: CORE-A-1 has two duties: MUST, MUST",
  },
  {
    name: "two sentences in one block",
    text: "> **CORE-A-1** · server · MUST\n> A server MUST answer. It stops.",
    fault: "1: CORE-A-1 has two sentences",
  },
  {
    name: "a block without a keyword",
    text: "> **CORE-A-1** · server · MUST\n> A server answers.",
    fault: "1: CORE-A-1 has no keyword",
  },
  {
    name: "a block without a full stop",
    text: "> **CORE-A-1** · server · MUST\n> A server MUST answer",
    fault: "1: CORE-A-1 does not end with a full stop",
  },
  {
    name: "different levels in the sentence and in the head",
    text: "> **CORE-A-1** · server · MUST\n> A server MUST NOT answer.",
    fault: "1: CORE-A-1 says MUST NOT, but its head says MUST",
  },
  {
    name: "different subjects in the sentence and in the head",
    text: "> **CORE-A-1** · server · MUST\n> A client MUST answer.",
    fault: "1: CORE-A-1 binds the client, but its head says server",
  },
  {
    name: "a SHOULD without its exception",
    text: "> **CORE-A-1** · server · SHOULD\n> A server SHOULD answer.",
    fault: "1: CORE-A-1 does not say when to deviate",
  },
  { name: "a duplicate id", text: `${GOOD}\n${GOOD}`, fault: "4: duplicate id CORE-A-1" },
  {
    name: "a withdrawn id that is used again",
    text: `${GOOD}\n> **CORE-A-1** · withdrawn`,
    fault: "4: duplicate id CORE-A-1",
  },
  {
    name: "a dangling reference",
    text: `${GOOD}\nSee SSE-OPEN-9.`,
    fault: "4: reference to SSE-OPEN-9, which is not defined",
  },
  {
    name: "an id of another chapter",
    text: "> **SSE-A-1** · server · MUST\n> A server MUST answer.",
    fault: "1: SSE-A-1 is in the wrong chapter: this one is for CORE",
  },
  {
    name: "an unknown area",
    text: "> **FOO-A-1** · server · MUST\n> A server MUST answer.",
    fault: "1: malformed requirement block: **FOO-A-1** · server · MUST",
  },
  {
    name: "an unknown subject",
    text: "> **CORE-A-1** · proxy · MUST\n> A proxy MUST answer.",
    fault: "1: malformed requirement block: **CORE-A-1** · proxy · MUST",
  },
  {
    name: "a head without a sentence",
    text: "> **CORE-A-1** · server · MUST",
    fault: "1: malformed requirement block: **CORE-A-1** · server · MUST",
  },
  {
    name: "a quotation that is not a requirement",
    text: "> Somebody said so.",
    fault: "1: malformed requirement block: Somebody said so.",
  },
  {
    name: "an unobservable requirement without a reason",
    text: "> **CORE-A-1** · server · MUST · not observable:\n> A server MUST answer.",
    fault: "1: malformed requirement block: **CORE-A-1** · server · MUST · not observable:",
  },
  { name: "too many words", text: "word ".repeat(6001), fault: "0: 6001 words: at most 6000" },
];

for (const { name, text, fault } of BAD)
  test(`rejected: ${name}`, () => {
    assert.ok(faultsOf(text).includes(fault), faultsOf(text).join("\n"));
  });

test("a valid block has no error and becomes a row", () => {
  const { requirements, faults } = collect([{ file: "core.md", markdown: GOOD }]);
  assert.equal(faults, []);
  assert.equal(requirements, [
    {
      id: "CORE-A-1",
      level: "MUST",
      subject: "server",
      class: "core",
      text: "A server MUST answer.",
      anchor: "core.md#core-a-1",
      hash: "5e477aa451784b69",
      observable: true,
    },
  ]);
});

test("white space does not change the hash, a word does", () => {
  const hashOf = (markdown: string) => collect([{ file: "core.md", markdown }]).requirements[0]?.hash;
  const wrapped = GOOD.replace("MUST answer", "MUST\n> answer");
  assert.is(hashOf(wrapped), hashOf(GOOD));
  assert.is.not(hashOf(GOOD.replace("answer", "reply")), hashOf(GOOD));
});

test("an unobservable requirement has a reason", () => {
  const markdown = GOOD.replace("MUST\n", "MUST · not observable: memory\n");
  const [row] = collect([{ file: "core.md", markdown }]).requirements;
  assert.is(row?.observable, false);
  assert.is(row?.reason, "memory");
});

test("code, notes and informative sections may contain lower-case keywords", () => {
  const markdown = [
    GOOD,
    "`MUST` is a word.\n",
    "```\nA server MUST\n```\n",
    "*Note:* it should work,\nas one may see.\n",
    "## Why (informative)\n",
    "It must.",
  ].join("\n");
  assert.equal(faultsOf(markdown), []);
});

test("an informative section ends at the next heading", () => {
  assert.equal(faultsOf("## Why (informative)\n\n## Then\n\nIt must.").length, 1);
});

test("a withdrawn id can be referred to but is not a requirement", () => {
  const ledger = collect([{ file: "core.md", markdown: "> **CORE-A-1** · withdrawn\n\nSee CORE-A-1." }]);
  assert.equal(ledger, { requirements: [], places: new Map(), faults: [], words: 2 });
});

test("references are checked in other texts too", () => {
  const others = [{ file: "rationale.md", markdown: "CORE-A-1 and CORE-A-2" }];
  const { faults } = collect([{ file: "core.md", markdown: GOOD }], others);
  assert.equal(faults, [
    { file: "rationale.md", line: 1, message: "reference to CORE-A-2, which is not defined" },
  ]);
});

test("the specification has no error", () => {
  const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
  const { requirements, faults } = collect(CHAPTERS.map((file) => ({ file, markdown: read(file) })));
  assert.equal(faults, []);
  assert.ok(requirements.length > 150);
});

test.run();
