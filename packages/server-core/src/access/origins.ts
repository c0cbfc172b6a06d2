/** A scheme, a host and perhaps a port: neither a path, nor a user, nor a pattern. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+$/i;

/** Normalize an origin as browsers send it. @throws TypeError if it is invalid, with what to write instead */
export function readOrigin(text: string): string {
  if (text === "null")
    throw new TypeError('cors: "null" cannot be named: sandboxed pages of any site send it as their origin');
  if (!ORIGIN.test(text) || !URL.canParse(text))
    throw new TypeError(`cors: ${JSON.stringify(text)} is not an origin: write ${exampleOf(text)}`);
  const { origin } = new URL(text);
  // For schemes that the URL standard does not know, such as those of browser extensions, `origin` is "null".
  return origin === "null" ? text.toLowerCase() : origin;
}

/** Read an option that is `*` or a list of origins. */
export function readOrigins(origins: "*" | readonly string[]): "*" | ReadonlySet<string> {
  return origins === "*" ? "*" : new Set(origins.map(readOrigin));
}

/** What a valid origin looks like, with an example made from the invalid one. */
function exampleOf(text: string): string {
  const [, scheme = "http", host] = /^(?:(https?):\/\/)?([\w.-]+(?::\d+)?)(?:\/|$)/i.exec(text) ?? [];
  const example = host === undefined ? "https://app.example" : `${scheme}://${host}`;
  return `its scheme, its host and, if it has one, its port, without a path: ${example}`;
}
