import { test } from "uvu";
import * as assert from "uvu/assert";
import { HELP, OPTIONS } from "./options.ts";
import { readArguments, UsageError } from "./read-arguments.ts";

const url = "http://localhost:3000/channels/news";

test("the help lists every option", () => {
  assert.is(readArguments(["follow", "--help"]), undefined);
  for (const name of Object.keys(OPTIONS)) assert.match(HELP, `  --${name} `);
});

for (const [args, expected] of [
  [[], "expected follow or publish, not nothing"],
  [["watch"], "not watch"],
  [["follow"], "follow needs a URL"],
  [["follow", "news"], "invalid URL: news"],
  [["follow", "localhost:3000/news"], "expected http: or https:"],
  [["follow", "ftp://localhost/news"], "expected http: or https:"],
  [["follow", "http://me:secret@localhost/"], "it has credentials"],
  [["follow", url, url], "follow reads one URL"],
  [["follow", url, "--nope"], "--nope"],
  [["follow", url, "--from"], "--from"],
  [["follow", url, "--close"], "follow has no option --close"],
  [["follow", url, "--event=a"], "follow has no option --event"],
  [["follow", url, "--mechanism", "smoke"], "--mechanism is one of auto, sse"],
  [["follow", url, "--on-gap", "throw"], "--on-gap is one of start, end"],
  [["follow", url, "--give-up", "soon"], "--give-up needs seconds"],
  [["publish"], "publish needs a URL"],
  [["publish", url, "--json"], "publish has no option --json"],
  [["publish", url, "1", "--header", "a b:1"], "--header needs name:value"],
  [["publish", url, "1", "--header", "a"], "--header needs name:value"],
  [["publish", url, "1", "--header", "a:1\r\nb:2"], "--header needs name:value"],
] as const)
  test(`wrong usage: ${args.join(" ")}`, () => {
    assert.throws(
      () => readArguments(args),
      (error: unknown) => error instanceof UsageError && error.message.includes(expected),
    );
  });

test("options apply to their command", () => {
  const follow = readArguments(["follow", url, "--from=-1", "--give-up", "1.5", "--header", "A: b:c"]);
  const { headers, ...rest } = Object(follow);
  assert.equal([...headers], [["a", "b:c"]]);
  assert.equal(rest, {
    command: "follow",
    url,
    giveUpAfterMs: 1_500,
    from: "-1",
    mechanism: "auto",
    store: undefined,
    onGap: undefined,
    once: false,
    json: false,
  });
});

test.run();
