import { test } from "uvu";
import * as assert from "uvu/assert";
import { readProblems } from "./problems.ts";

const HEAD = "| name | status | further members and fields | when |\n|---|---|---|---|";
const GAP = "| `gap` | 410 | `reason`, `limit`?, field `Retry-After` | gone |";

test("a row is parsed", () => {
  const { problems, faults } = readProblems("core.md", `${HEAD}\n${GAP}\n\nText.`);
  assert.equal(faults, []);
  assert.equal(problems, [
    {
      name: "gap",
      type: "https://tidemark.example/problems/gap",
      status: 410,
      members: ["reason"],
      optionalMembers: ["limit"],
      fields: ["Retry-After"],
      when: "gone",
    },
  ]);
});

test("an optional header field is not listed", () => {
  const { problems } = readProblems(
    "core.md",
    `${HEAD}\n| \`full\` | 507 | field \`Retry-After\`? | full |\n\n`,
  );
  assert.equal(problems[0]?.fields, []);
});

test("rejected: a malformed row, a repeated row, and a chapter without a registry", () => {
  const messages = (text: string) => readProblems("core.md", text).faults.map(({ message }) => message);
  assert.equal(messages(`${HEAD}\n| gap | 410 | | gone |\n\n`), [
    "malformed or repeated problem: | gap | 410 | | gone |",
  ]);
  assert.equal(messages(`${HEAD}\n${GAP}\n${GAP}\n\n`), [`malformed or repeated problem: ${GAP}`]);
  assert.equal(messages("Text."), ["there is no problem registry"]);
});

test.run();
