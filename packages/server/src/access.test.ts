import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving, tidemarkIn } from "../test/tidemark-command.ts";
import { type AccessFlags, describeAccess } from "./access.ts";

/** A page of another site, and a page whose rebound DNS name points to this server. */
const FOREIGN = { Origin: "https://evil.example" };
const REBOUND = { Host: "evil.example:3000", Origin: "http://evil.example:3000" };
const NAMED = { Origin: "https://app.example" };

const REQUESTS: Readonly<Record<string, { method: string; body?: string }>> = {
  read: { method: "GET" },
  publish: { method: "POST", body: '{"messages":[{"data":1}]}' },
  close: { method: "POST", body: '{"close":true}' },
  remove: { method: "DELETE" },
};

/** The statuses of a read, a publish, a close and a removal, each on its own channel. */
async function statuses(base: string, headers: Readonly<Record<string, string>>): Promise<number[]> {
  const answers = Object.entries(REQUESTS).map(
    ([name, { method, body }]) =>
      new Promise<number>((resolve, reject) => {
        const type = body === undefined ? {} : { "Content-Type": "application/json" };
        const sent = request(`${base}${name}`, { method, agent: false, headers: { ...type, ...headers } });
        sent.once("error", reject).once("response", (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.end(body);
      }),
  );
  return Promise.all(answers);
}

/** The statuses for each sender, for each set of options. */
const ROWS: readonly {
  readonly args: readonly string[];
  readonly program: readonly number[];
  readonly foreign: readonly number[];
  readonly rebound: readonly number[];
  readonly named: readonly number[];
}[] = [
  {
    args: [],
    program: [200, 200, 200, 405],
    foreign: [200, 403, 403, 403],
    rebound: [403, 403, 403, 403],
    named: [200, 403, 403, 403],
  },
  {
    args: ["--allow-remove", "--cors-write-origin", "https://app.example"],
    program: [200, 200, 200, 204],
    foreign: [200, 403, 403, 403],
    rebound: [403, 403, 403, 403],
    named: [200, 200, 200, 204],
  },
  {
    args: ["--cors-origin", "https://app.example", "--host-name", "evil.example"],
    program: [200, 200, 200, 405],
    foreign: [200, 403, 403, 403],
    rebound: [200, 200, 200, 405],
    named: [200, 200, 200, 405],
  },
  {
    args: ["--trust-proxy", "--read-only"],
    program: [200, 405, 405, 405],
    foreign: [200, 403, 403, 403],
    rebound: [200, 405, 405, 405],
    named: [200, 403, 403, 403],
  },
  {
    args: ["--cors-write-origin", "*", "--workers", "2"],
    program: [200, 200, 200, 405],
    foreign: [200, 200, 200, 405],
    rebound: [403, 403, 403, 403],
    named: [200, 200, 200, 405],
  },
];

for (const { args, program, foreign, rebound, named } of ROWS)
  test(`serve ${args.join(" ")} gives programs and pages the access that it prints`, () =>
    serving(args, async (base) => {
      assert.equal(await statuses(base, FOREIGN), foreign, "a page of another site");
      assert.equal(await statuses(base, REBOUND), rebound, "a page whose name points to this server");
      assert.equal(await statuses(base, { Origin: new URL(base).origin }), program, "a page of this server");
      assert.equal(await statuses(`${base}named-`, NAMED), named, "a page of https://app.example");
      assert.equal(await statuses(`${base}program-`, {}), program, "a program");
    }));

test("a preflight allows the fields given with --cors-header", () =>
  serving(["--cors-header", "traceparent", "baggage"], async (base) => {
    const response = await fetch(`${base}a`, {
      method: "OPTIONS",
      headers: { ...FOREIGN, "Access-Control-Request-Headers": "authorization,baggage,traceparent" },
    });
    const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase().split(", ") ?? [];
    for (const name of ["authorization", "baggage", "traceparent", "last-event-id"])
      assert.ok(allowed.includes(name), name);
  }));

for (const [args, told] of [
  [
    ["--cors-origin", "localhost:3000"],
    /"localhost:3000" is not an origin: write .*: http:\/\/localhost:3000$/m,
  ],
  [["--cors-origin", "https://a.example/x"], /"https:\/\/a\.example\/x" is not an origin/],
  [["--cors-write-origin", "null"], /"null" cannot be named/],
  [["--cors-header", "a b"], /"a b" is not the name of a header field/],
  [["--host-name", "http://a.example"], /"http:\/\/a\.example" is not a host name/],
] as const)
  test(`serve ${args.join(" ")} is rejected before a log is opened`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-access-"));
    try {
      const { ended, output } = tidemarkIn(folder, "serve", "--port", "0", ...args);
      assert.is(await ended, 1);
      assert.match(output.stderr, told);
      assert.not.match(output.stderr, /^\s+at /m, "no stack");
      assert.not(existsSync(join(folder, "tidemark-data")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

/** Texts in the first lines of `serve`, and in the warning. */
const LINES: readonly [Partial<AccessFlags>, readonly string[], RegExp | undefined][] = [
  [
    {},
    [
      "pages of every origin",
      "publishing: open to programs and to pages of its own origin",
      "(--allow-remove)",
    ],
    undefined,
  ],
  [{ allowRemove: true }, ["removing: as publishing"], undefined],
  [{ readOnly: true, allowRemove: true }, ["publishing: off", "removing: off"], undefined],
  [
    { corsOrigin: ["https://a.example"] },
    ["reading: open to programs and to pages of its own origin, https://a.example"],
    undefined,
  ],
  [{ corsWriteOrigin: ["*"] }, ["publishing: open to programs and to pages of every origin"], undefined],
  [{ host: "0.0.0.0" }, ["any address of this machine"], /0\.0\.0\.0 .* can read and publish\./],
  [{ host: "::", readOnly: true }, ["publishing: off"], /can read\./],
  [
    { host: "10.0.0.7", allowRemove: true },
    ["answers to localhost, 10.0.0.7"],
    /can read, publish and remove\./,
  ],
  [{ host: "127.0.0.2" }, ["127.0.0.1"], undefined],
  [{ hostName: ["app.example"] }, ["[::1], app.example"], undefined],
  [{ trustProxy: true }, ["answers to any Host"], undefined],
];

for (const [flags, said, warned] of LINES)
  test(`the first lines for ${JSON.stringify(flags)}`, () => {
    const { lines, warning } = describeAccess({ host: "127.0.0.1", ...flags });
    for (const text of said) assert.ok(lines.join("\n").includes(text), `${text} in\n${lines.join("\n")}`);
    if (warned === undefined) assert.is(warning, undefined);
    else assert.match(warning ?? "", warned);
  });

test("serve prints these lines on stdout, and the warning on stderr", () =>
  serving(["--host", "0.0.0.0"], async (_base, { output }) => {
    for (const line of describeAccess({ host: "0.0.0.0" }).lines)
      assert.ok(output.stdout.includes(line), line);
    assert.match(output.stderr, /^tidemark: warning: .*0\.0\.0\.0/);
  }));

test.run();
