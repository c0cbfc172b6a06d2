import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type At, serving } from "../../../../testing/servers/serving.ts";
import { CLAIMS, inSeconds, makeSigner, sign, signBySecret, unsigned } from "../../test/make-tokens.ts";
import { type TidemarkOptions, tidemark } from "../tidemark.ts";
import { digestOf } from "./api-keys.ts";
import { type TokenOptions, tokens } from "./authorize-tokens.ts";

const SECRET = "a secret that is long enough to be used";
const OLD_SECRET = "a secret that was used until last month";
const KEY = "tmk_0123456789";
const signer = await makeSigner("now");
const retired = await makeSigner("retired");
const stranger = await makeSigner("now");

const folder = mkdtempSync(join(tmpdir(), "tidemark-tokens-"));
test.after(() => rmSync(folder, { recursive: true }));

/** Write a file as programs do that replace it in one step. */
function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return path;
}

const OPTIONS: TokenOptions = {
  jwks: write("jwks.json", JSON.stringify({ keys: [signer.publicKey] })),
  secretFile: write("secrets", `${SECRET}\n${OLD_SECRET}\n`),
  apiKeys: write(
    "keys.yaml",
    `- {name: billing, sha256: ${digestOf(KEY)}, read: "a*", publish: [a-1]}
- {name: billing, sha256: ${digestOf("tmk_old")}, read: "*", expires: 2020-01-01}
`,
  ),
  cookie: "token",
  anonymousRead: ["public-*"],
};

/** The ways to use a channel, each as a request. */
const WAYS: Readonly<Record<string, (at: At, channel: string, headers: HeadersInit) => Promise<Response>>> = {
  poll: ({ url }, channel, headers) => fetch(url(channel), { headers }),
  "long-poll": ({ url }, channel, headers) => fetch(url(channel, "after=start&wait=1"), { headers }),
  sse: ({ url }, channel, headers) => fetch(url(channel, "stream=1"), { headers }),
  publish: ({ url }, channel, headers) =>
    fetch(url(channel), {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: '{"messages":[{"data":1}]}',
    }),
  remove: ({ url }, channel, headers) => fetch(url(channel), { method: "DELETE", headers }),
};

/** Status and detail of an answer. */
async function answerOf(response: Response): Promise<readonly [number, string]> {
  if (response.ok) {
    await response.body?.cancel();
    return [response.status, ""];
  }
  const { detail } = (await response.json()) as { detail: string };
  if (response.status === 401) assert.is(response.headers.get("www-authenticate"), "Bearer");
  return [response.status, detail];
}

async function guarded(options: TokenOptions, run: (at: At) => Promise<void>, more: TidemarkOptions = {}) {
  const log = new MemoryLog();
  for (const channel of ["a", "b", "public-1"]) await log.append(channel, [{ json: "1" }]);
  await serving(tidemark(log, { ...more, authorize: tokens(options) }), run);
}

/** What each token gets, whatever the mechanism is. */
const REFUSED: readonly (readonly [string, () => Promise<string> | string, number, RegExp])[] = [
  ["no valid text", () => "x.y.z", 401, /^The token is malformed$/],
  ["signed with a foreign key", () => sign(stranger), 401, /^The signature of the token is not valid$/],
  [
    "signed with a key that was removed",
    () => sign(retired),
    401,
    /^The token was signed with a key that is not known/,
  ],
  [
    "signed with a foreign secret",
    () => signBySecret("x".repeat(40)),
    401,
    /^The signature of the token is not valid$/,
  ],
  [
    "signed with the public key as a secret",
    () => signBySecret(JSON.stringify(signer.publicKey)),
    401,
    /^The signature/,
  ],
  ["alg none", () => unsigned(), 401, /^The algorithm of the token is not accepted here$/],
  ["expired", () => sign(signer, CLAIMS, inSeconds(-60)), 401, /^The token has expired$/],
  ["without exp", () => sign(signer, CLAIMS, null), 401, /^The claim exp of the token is missing/],
  [
    "without sub",
    () => sign(signer, { tidemark: CLAIMS.tidemark }),
    401,
    /^The claim sub of the token is missing/,
  ],
  [
    "with malformed permissions",
    () => sign(signer, { sub: "a", tidemark: { read: 7 } }),
    401,
    /tidemark\.read has to be/,
  ],
  [
    "for another channel",
    () => sign(signer, { sub: "ann", tidemark: { read: "b", publish: "b" } }),
    403,
    /^This token does not allow/,
  ],
  ["without permissions", () => sign(signer, { sub: "ann" }), 403, /^This token does not allow/],
  ["an unknown API key", () => "tmk_unknown", 401, /^The key is not known here$/],
  ["an expired API key", () => "tmk_old", 401, /^The token has expired$/],
];

for (const [what, make, status, detail] of REFUSED)
  test(`a token ${what} gets ${status} from every mechanism, in the field and in the cookie`, async () => {
    const token = await make();
    await guarded(OPTIONS, async (at) => {
      for (const [way, ask] of Object.entries(WAYS))
        for (const headers of [{ Authorization: `Bearer ${token}` }, { Cookie: `other=1; token=${token}` }]) {
          const [seen, why] = await answerOf(await ask(at, "a", headers));
          assert.is(seen, status, way);
          assert.match(why, detail, way);
        }
    });
  });

for (const [what, make] of [
  ["a key pair", () => sign(signer)],
  ["a secret", () => signBySecret(SECRET)],
  ["the secret before", () => signBySecret(OLD_SECRET)],
] as const)
  test(`a token signed with ${what} does what it names, by every mechanism`, async () => {
    const headers = { Authorization: `Bearer ${await make()}` };
    await guarded(OPTIONS, async (at) => {
      for (const [way, ask] of Object.entries(WAYS)) {
        assert.is((await answerOf(await ask(at, "a", headers)))[0], way === "remove" ? 204 : 200, way);
        assert.is((await answerOf(await ask(at, "b", headers)))[0], 403, way);
      }
    });
  });

test("an API key does what its entry names", () =>
  guarded(OPTIONS, async (at) => {
    const headers = { Authorization: `bearer ${KEY}` };
    const statuses = async (channel: string) => {
      const seen: number[] = [];
      for (const ask of Object.values(WAYS)) seen.push((await answerOf(await ask(at, channel, headers)))[0]);
      return seen;
    };
    assert.equal(await statuses("a-1"), [200, 200, 200, 200, 403]);
    assert.equal(await statuses("a-2"), [200, 200, 200, 403, 403]);
    assert.equal(await statuses("b"), [403, 403, 403, 403, 403]);
  }));

test("without a token, only the channels for everybody can be read, and nothing else can be done", () =>
  guarded(OPTIONS, async (at) => {
    for (const [way, ask] of Object.entries(WAYS)) {
      const reads = way !== "publish" && way !== "remove";
      assert.is((await answerOf(await ask(at, "public-1", {})))[0], reads ? 200 : 401, way);
      const [status, detail] = await answerOf(await ask(at, "a", {}));
      assert.is(status, 401, way);
      assert.match(detail, /Authorization: Bearer, or in the cookie token/);
      const wrong = await ask(at, "public-1", { Authorization: "Basic eDp5" });
      assert.is((await answerOf(wrong))[0], 401, `${way} with another scheme`);
    }
  }));

test("an issuer and an audience are required if they are configured", () =>
  guarded({ ...OPTIONS, issuer: "https://id.example", audience: "channels" }, async ({ url }) => {
    const answers: (readonly [number, string])[] = [];
    for (const claims of [
      { ...CLAIMS, iss: "https://id.example", aud: ["other", "channels"] },
      { ...CLAIMS, iss: "https://id.example", aud: "other" },
      { ...CLAIMS, aud: "channels" },
    ])
      answers.push(
        await answerOf(
          await fetch(url("a"), { headers: { Authorization: `Bearer ${await sign(signer, claims)}` } }),
        ),
      );
    assert.equal(answers, [
      [200, ""],
      [401, "The claim aud of the token is missing or not accepted here"],
      [401, "The claim iss of the token is missing or not accepted here"],
    ]);
  }));

test("clocks may differ by the tolerance, and by no more", async () => {
  const late = `Bearer ${await sign(signer, CLAIMS, inSeconds(-30))}`;
  for (const [clockToleranceS, status] of [
    [60, 200],
    [10, 401],
  ] as const)
    await guarded({ ...OPTIONS, clockToleranceS }, async ({ url }) => {
      assert.is((await fetch(url("a"), { headers: { Authorization: late } })).status, status);
    });
});

for (const [what, options, told] of [
  ["a short secret", { secret: "short" }, /at least 32 bytes/],
  ["an empty file of secrets", { secretFile: write("empty", "\n") }, /empty: the file has no secret/],
  ["a missing file", { jwks: join(folder, "none.json") }, /none\.json: ENOENT/],
  ["a private key", { jwks: write("private.json", '{"keys":[{"kty":"EC","d":"x"}]}') }, /public keys only/],
  ["a symmetric key", { jwks: write("oct.json", '{"keys":[{"kty":"oct","k":"x"}]}') }, /public keys only/],
  ["keys by plain http", { jwks: "http://id.example/keys" }, /by https/],
  ["a key without a name", { apiKeys: write("a.yaml", "- {sha256: x}") }, /a\.yaml: key 1 has no name/],
  [
    "a key itself instead of its hash",
    { apiKeys: write("b.yaml", "- {name: x, sha256: tmk_1}") },
    /64 hexadecimal/,
  ],
  [
    "a misspelled permission",
    { apiKeys: write("c.yaml", `- {name: x, sha256: ${digestOf("x")}, reed: a}`) },
    /no reed/,
  ],
] as const)
  test(`${what} is rejected at the start`, () => {
    assert.throws(() => tokens(options), told);
  });

test.run();
