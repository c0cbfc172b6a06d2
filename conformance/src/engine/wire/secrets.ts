import type { HeaderLine, HeaderLines } from "./headers.ts";

/** A header that the user adds to every request. */
export interface ExtraHeader {
  readonly name: string;
  readonly value: string;
  /** The variable that the secret came from, if any; printed commands name it instead of the value. */
  readonly variable?: string;
  /** The texts that must not be printed. */
  readonly secrets: readonly string[];
}

/** Names of headers whose values are secret even if they are on the command line. */
const SENSITIVE = /authorization|cookie|token|secret|api-?key|password|credential/i;

/** The shortest secret that is hidden everywhere; hiding a shorter one would garble ordinary words. */
const MIN_SECRET_LENGTH = 4;

/**
 * Parse `Name: value`, where `env:VARIABLE` in the value stands for the variable's value.
 * @throws {TypeError} when there is no colon, or the variable is not set.
 */
export function parseExtraHeader(
  line: string,
  env: Readonly<Record<string, string | undefined>>,
): ExtraHeader {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line);
  if (!match) throw new TypeError(`not a header: write 'Name: value' or 'Name: env:VARIABLE'`);
  const [, name = "", written = ""] = match;
  const secrets: string[] = [];
  let variable: string | undefined;
  const value = written.replace(/env:([A-Za-z_][A-Za-z0-9_]*)/, (_, key: string) => {
    const held = env[key];
    if (held === undefined || held === "")
      throw new TypeError(`header ${name}: the variable ${key} is not set`);
    variable = key;
    secrets.push(held);
    return held;
  });
  if (/[\r\n\0]/.test(value)) throw new TypeError(`header ${name}: the value has a line break or NUL`);
  if (variable === undefined && SENSITIVE.test(name)) secrets.push(value);
  return { name, value, secrets: withParts(secrets), ...(variable === undefined ? {} : { variable }) };
}

/** The secrets in a value: the whole value, and the token after its scheme (`abc` of `Bearer abc`). */
function withParts(secrets: readonly string[]): string[] {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\s+/).slice(1)]);
  return [...new Set(parts)].filter((part) => part !== "");
}

/** The header lines to send. */
export function headerLines(headers: readonly ExtraHeader[]): HeaderLines {
  return headers.map(({ name, value }): HeaderLine => [name, value]);
}

/** Replaces the secrets in a text by asterisks. Everything that leaves the suite passes through it. */
export type Redactor = (text: string) => string;

/** Create the redactor for these headers. It finds each secret plain, percent-encoded and as base64. */
export function createRedactor(headers: readonly ExtraHeader[]): Redactor {
  const forms = headers
    .flatMap((header) => header.secrets)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64"),
    ])
    .filter((form) => form.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, "*".repeat(form.length)), text);
}

/** A URL as reports show it: without a name and password. */
export function withoutUserInfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
