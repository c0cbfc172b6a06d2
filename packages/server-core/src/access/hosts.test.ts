import { test } from "uvu";
import * as assert from "uvu/assert";
import { Hosts } from "./hosts.ts";

/** Which `Host` fields a list accepts. */
const ROWS: readonly { readonly names: readonly string[]; readonly host: string; readonly taken: boolean }[] =
  [
    { names: [], host: "localhost:3000", taken: true },
    { names: [], host: "LOCALHOST", taken: true },
    { names: [], host: "localhost.:3000", taken: true },
    { names: [], host: "app.localhost", taken: true },
    { names: [], host: "127.0.0.1:3000", taken: true },
    { names: [], host: "127.1", taken: true },
    { names: [], host: "[::1]:3000", taken: true },
    { names: [], host: "", taken: true },
    { names: [], host: "evil.example:3000", taken: false },
    { names: [], host: "localhost.evil.example", taken: false },
    { names: [], host: "127.0.0.1.evil.example", taken: false },
    { names: [], host: "evil.example/localhost", taken: false },
    { names: [], host: "localhost@evil.example", taken: false },
    { names: [], host: "evil.example#localhost", taken: false },
    { names: [], host: "local host", taken: false },
    { names: [], host: "192.168.1.5", taken: false },
    { names: [], host: "[fe80::1]", taken: false },
    { names: ["192.168.1.5"], host: "192.168.1.5:3000", taken: true },
    { names: ["192.168.1.5"], host: "192.168.1.6:3000", taken: false },
    { names: ["fe80::1"], host: "[FE80:0::1]:3000", taken: true },
    { names: ["0.0.0.0"], host: "192.168.1.5:3000", taken: true },
    { names: ["0.0.0.0"], host: "[fe80::1]", taken: true },
    { names: ["::"], host: "192.168.1.5:3000", taken: true },
    { names: ["0.0.0.0"], host: "evil.example", taken: false },
    { names: ["App.Example"], host: "app.example:8080", taken: true },
    { names: ["app.example"], host: "sub.app.example", taken: false },
    { names: ["bücher.example"], host: "xn--bcher-kva.example", taken: true },
  ];

for (const { names, host, taken } of ROWS)
  test(`${JSON.stringify(host)} is ${taken ? "accepted" : "refused"} by a server with hosts ${JSON.stringify(names)}`, () => {
    const hosts = new Hosts(names);
    for (const _ of ["looked at", "remembered"]) assert.is(hosts.accepts(host), taken);
  });

test("without a list every name is accepted", () => {
  for (const names of [null, undefined]) assert.ok(new Hosts(names).accepts("evil.example"));
});

for (const name of [
  "http://app.example",
  "app.example:3000",
  "app.example/",
  "*.app.example",
  "*",
  "",
  "a b",
  "[x]:1",
])
  test(`${JSON.stringify(name)} is rejected as a host name`, () => {
    assert.throws(() => new Hosts([name]), /hosts: .* is not a host name: write it without scheme/);
  });

test("a flood of names is checked, and not remembered", () => {
  const hosts = new Hosts(["app.example"]);
  for (let i = 0; i < 10_000; i++) assert.not(hosts.accepts(`h${i}.example`));
  assert.ok(hosts.accepts("app.example"));
});

/** Which pages count as the server's own, for each list. */
const OWN: readonly {
  readonly names: readonly string[] | null | undefined;
  readonly origin: string;
  readonly host: string;
  readonly own: boolean;
}[] = [
  { names: undefined, origin: "http://localhost:3000", host: "localhost:3000", own: true },
  { names: undefined, origin: "http://192.168.1.5:3000", host: "192.168.1.5:3000", own: true },
  { names: undefined, origin: "http://rebound.example:3000", host: "rebound.example:3000", own: false },
  { names: ["app.example"], origin: "https://app.example", host: "app.example", own: true },
  { names: ["app.example"], origin: "https://app.example", host: "app.example:443", own: true },
  { names: ["app.example"], origin: "http://app.example", host: "app.example:80", own: true },
  { names: ["app.example"], origin: "https://app.example:8443", host: "app.example", own: false },
  { names: ["app.example"], origin: "https://other.example", host: "app.example", own: false },
  { names: null, origin: "https://app.example", host: "app.example", own: true },
  { names: null, origin: "ftp://x:3000", host: "x:3000", own: false },
  { names: null, origin: "null", host: "null", own: false },
  { names: null, origin: "", host: "", own: false },
];

for (const { names, origin, host, own } of OWN)
  test(`pages of ${origin} ${own ? "are" : "are not"} the own pages of ${host}, with hosts ${JSON.stringify(names)}`, () => {
    assert.is(new Hosts(names).isOwn(origin, host), own);
  });

test.run();
