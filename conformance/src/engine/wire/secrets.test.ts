import { test } from "uvu";
import * as assert from "uvu/assert";
import { createRedactor, parseExtraHeader } from "./secrets.ts";

const CANARY = "canary-4f9d/+=7";

test("a header takes its secret from the environment", () => {
  const header = parseExtraHeader("Authorization: Bearer env:TOKEN", { TOKEN: CANARY });
  assert.is(header.value, `Bearer ${CANARY}`);
  assert.is(header.variable, "TOKEN");
});

test("a secret is hidden plain, percent-encoded, in JSON and as base64", () => {
  const redact = createRedactor([
    parseExtraHeader("Authorization: env:TOKEN", { TOKEN: `Bearer ${CANARY}` }),
  ]);
  const shown = redact(
    `a ${CANARY} b ${encodeURIComponent(CANARY)} c ${Buffer.from(CANARY).toString("base64")}`,
  );
  assert.not.match(shown, /canary/i);
  assert.is(shown.replace(/\*+/g, "*"), "a * b * c *");
});

test("a value on the command line is secret only if its header's name says so", () => {
  assert.equal(parseExtraHeader("X-Tenant: 7", {}).secrets, []);
  assert.equal(parseExtraHeader("X-Api-Key: abcd", {}).secrets, ["abcd"]);
});

test("a missing variable, a missing colon and a line break are errors", () => {
  assert.throws(() => parseExtraHeader("Authorization: env:NOPE", {}), /NOPE is not set/);
  assert.throws(() => parseExtraHeader("Authorization", {}), /not a header/);
  assert.throws(() => parseExtraHeader("A: env:X", { X: "a\r\nb" }), /line break/);
});

test.run();
