import type { Value } from "../src/settings/kinds.ts";
import type { Setting } from "../src/settings/setting.ts";

/** Values of a setting, as texts: a valid one, what it is read as, and invalid ones. */
export interface Samples {
  readonly valid: readonly string[];
  readonly value: Value | readonly Value[];
  readonly invalid: readonly (readonly string[])[];
}

/** For texts, whose valid values no kind knows. A new setting needs a row. */
const TEXTS: Readonly<Record<string, { readonly valid: readonly string[]; readonly invalid?: string }>> = {
  host: { valid: ["10.0.0.7"] },
  path: { valid: ["/c/:channel"], invalid: "/c" },
  log: { valid: ["redis://127.0.0.1:6379"] },
  "cors-origin": { valid: ["https://a.example", "http://b.example:8080"], invalid: "a.example" },
  "cors-write-origin": { valid: ["https://a.example"], invalid: "null" },
  "cors-header": { valid: ["traceparent", "baggage"], invalid: "a:b" },
  "host-name": { valid: ["a.example"], invalid: "http://a.example" },
  jwks: { valid: ["https://a.example/keys"] },
  "jwt-secret": { valid: ["0123456789abcdef0123456789abcdef"], invalid: "short" },
  "jwt-secret-file": { valid: ["/run/secrets/jwt"] },
  "jwt-issuer": { valid: ["https://a.example"] },
  "jwt-audience": { valid: ["channels"] },
  "api-keys": { valid: ["keys.yaml"] },
  "tls-cert": { valid: ["cert.pem"] },
  "tls-key": { valid: ["key.pem"] },
  "token-cookie": { valid: ["token"] },
  "anonymous-read": { valid: ["news-*", "status"], invalid: "x".repeat(300) },
  "metrics-host": { valid: ["0.0.0.0"] },
  "metrics-class": { valid: ["a=a-*", "b=*"], invalid: "a-*" },
};

export function settingSamples({ name, kind, preset }: Setting): Samples {
  const { placeholder, isList } = kind;
  if (placeholder === undefined) return { valid: ["true"], value: true, invalid: [["maybe"], [""]] };
  const sample = TEXTS[name];
  if (sample !== undefined) {
    const { valid, invalid } = sample;
    const bad = invalid === undefined ? [] : [[invalid]];
    return { valid, value: isList ? valid : (valid[0] ?? ""), invalid: isList ? bad : [...bad, [""]] };
  }
  const words = /^<(.*\|.*)>$/.exec(placeholder)?.[1]?.split("|");
  if (words !== undefined) {
    const other = words.find((word) => word !== preset) ?? "";
    return { valid: [other], value: other, invalid: [["nonsense"], [""]] };
  }
  if (!readsNumbers(kind)) throw new Error(`${name}: add a row with a valid value to TEXTS`);
  return { valid: ["7"], value: 7, invalid: [["x"], ["-1"], ["1.5"], ["1e3"], [""]] };
}

function readsNumbers(kind: Setting["kind"]): boolean {
  return kind.parse("7") === 7;
}
