import assert from "node:assert/strict";
import { dataAfter, isGap, numbers, readAll, startOf, texts } from "../steps.ts";
import { group, type LogTest } from "../subject.ts";

/** Channel names that an engine could misread or confuse with each other. */
const NAMES: readonly string[] = [
  ...[
    "a",
    "A",
    "a ",
    " a",
    "a/b",
    "a%2Fb",
    "a\\b",
    "..",
    ".",
    ":",
    "a:b",
    "a.b",
    "a.*",
    "a.>",
    "*",
    ">",
    "?",
  ],
  ...[
    "{a}",
    "{b}a",
    "a\tb",
    "__proto__",
    "constructor",
    "toString",
    "0",
    "00",
    "-1",
    "null",
    "'",
    '"',
    "`",
    ";--",
  ],
  ...[
    "é",
    "e\u0301",
    "ß",
    "SS",
    "日本語",
    "💥",
    "💥💥",
    "\u202ea",
    "\ufeffa",
    "ﬀ",
    "ff",
    "x".repeat(255),
    "x".repeat(256),
  ],
  ...["é".repeat(128), "é".repeat(127)],
];

/** JSON texts that change if they are parsed or rewritten. */
const TEXTS: readonly string[] = [
  ...["null", "true", "false", "0", "-0", "0.0", "1.0", "1e2", "1E+2", "1e400", "-1e-400", "0.1e1"],
  ...["9007199254740993", "100000000000000000000", "0.30000000000000004", "3.141592653589793238462643383279"],
  ...[
    '""',
    '"\\u00e9"',
    '"é"',
    '"\\/"',
    '"/"',
    '"\\u0000"',
    '"\\n\\r\\t"',
    '"\\\\"',
    '"\u2028\u2029"',
    '"\u007f"',
  ],
  ...['"💥"', '"\\ud83d\\udca5"', '"\u{10ffff}"', '"\ufeff"', '"data: x"', '"id:"', '"$closed"'],
  ...["[]", "{}", '{"b":1,"a":2}', '{"":0}', '{"__proto__":1}', '{"constructor":{"prototype":1}}'],
  ...[`${"[".repeat(60)}${"]".repeat(60)}`, `{"1":1,"0":0}`],
];

const MIB = 1024 * 1024;

export const extremes: readonly LogTest[] = group("extremes", {
  "every JSON text is returned unchanged": async ({ log }, channel) => {
    await log.append(
      channel,
      TEXTS.map((json) => ({ json })),
    );
    assert.deepEqual(await dataAfter(log, channel), TEXTS);
    const separate = `${channel}-separate`;
    for (const json of TEXTS) await log.append(separate, [{ json }]);
    assert.deepEqual(await dataAfter(log, separate), TEXTS);
  },

  "every name is a separate channel": async ({ log }) => {
    assert.equal(new Set(NAMES).size, NAMES.length);
    const zeros = new Map<string, string>();
    for (const name of NAMES) zeros.set(name, await startOf(log, name));
    for (const [index, name] of NAMES.entries()) await log.append(name, numbers(2, 10 * index));
    for (const [index, name] of NAMES.entries()) {
      assert.deepEqual(await dataAfter(log, name, zeros.get(name)), texts(2, 10 * index), name);
      await isGap(log, name, zeros.get(NAMES[index + 1] ?? "a") ?? "");
    }
  },

  "removing a channel does not affect similar names": async ({ log }) => {
    const names = NAMES.slice(0, 20);
    for (const name of names) await log.append(name, numbers(1));
    for (const [index, name] of names.entries()) {
      assert.equal(await log.remove(name), true, name);
      for (const later of names.slice(index + 1)) assert.deepEqual(await dataAfter(log, later), ["1"], later);
    }
  },

  "a message of one mebibyte": async ({ log }, channel) => {
    const big = `"${"é".repeat(MIB / 2)}"`;
    await log.append(channel, [{ json: "1" }, { event: "x".repeat(64), json: big }, { json: "3" }]);
    const { messages } = await readAll(log, channel);
    assert.deepEqual(
      messages.map(({ json }) => json.length),
      [1, big.length, 1],
    );
    assert.ok(messages[1]?.json === big, "the text is the same");
    assert.equal(messages[1]?.event, "x".repeat(64));
  },

  "a message larger than `maxBytes` gets a page of its own": async ({ log }, channel) => {
    const big = `"${"x".repeat(MIB)}"`;
    const { cursors } = await log.append(channel, [{ json: "1" }, { json: big }, { json: "3" }]);
    const page = await log.read(channel, cursors[0] ?? "", { maxMessages: 10, maxBytes: 1 });
    assert.deepEqual([page.messages.length, page.cursor, page.more], [1, cursors[1], true]);
    assert.ok(page.messages[0]?.json === big, "the text is the same");
  },

  "a thousand drafts in one append": async ({ log }, channel) => {
    const { cursors } = await log.append(channel, numbers(1000));
    assert.equal(new Set(cursors).size, 1000);
    assert.deepEqual(await dataAfter(log, channel, cursors[499]), texts(500, 501));
  },
});
