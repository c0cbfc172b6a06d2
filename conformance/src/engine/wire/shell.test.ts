import { execFileSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { printfFormat, quote, quoteWord, substitute } from "./shell.ts";

const sh = (script: string, env: Record<string, string> = {}): Buffer =>
  execFileSync("sh", ["-c", script], { env: { PATH: process.env.PATH ?? "", ...env } });

const TEXTS = [
  "plain",
  "",
  "a b",
  "it's",
  '"$HOME" `id` \\',
  "line\nfeed\ttab",
  "*?[x]{a,b}~!#&;|<>()",
  "é😀",
  "-n",
  "%s %%",
];

test("sh passes quoted text on unchanged", () => {
  for (const text of TEXTS) assert.is(sh(`printf %s ${quote(text)}`).toString(), text);
});

test("variables in quoted text are expanded, but not split", () => {
  const word = substitute("/ch/AB?x='AB'&y", new Map([["AB", "cursor"]]));
  assert.is(sh(`printf %s ${quoteWord(word)}`, { cursor: "a b*" }).toString(), "/ch/a b*?x='a b*'&y");
});

test("printf prints any bytes", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.equal(new Uint8Array(sh(`printf ${printfFormat(bytes)}`)), bytes);
});

test.run();
