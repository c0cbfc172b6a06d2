/** A scheme, a host and perhaps a port: neither a path, nor a user, nor a pattern. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*]+$/i;

/** An origin that an option names, as browsers send it. @throws TypeError if it is not one, with what to write instead */
export function readOrigin(text: string): string {
  if (text === "null")
    throw new TypeError(
      'cors: "null" cannot be named: sandboxed pages of every site send it as their origin',
    );
  if (!ORIGIN.test(text) || !URL.canParse(text))
    throw new TypeError(`cors: ${JSON.stringify(text)} is not an origin: write ${exampleOf(text)}`);
  const { origin } = new URL(text);
  // Schemes that the URL standard does not know, such as those of browser extensions, have no origin there.
  return origin === "null" ? text.toLowerCase() : origin;
}

/** All or some origins, as an option names them. */
export function readOrigins(origins: "*" | readonly string[]): "*" | ReadonlySet<string> {
  return origins === "*" ? "*" : new Set(origins.map(readOrigin));
}

/** What the origin should look like; guessed from what was given. */
function exampleOf(text: string): string {
  const [, scheme = "http", host] = /^(?:(https?):\/\/)?([\w.-]+(?::\d+)?)(?:\/|$)/i.exec(text) ?? [];
  const example = host === undefined ? "https://app.example" : `${scheme}://${host}`;
  return `its scheme, its host and, if it has one, its port, without a path: ${example}`;
}
