/** The most `Host` fields whose result is remembered. */
const MAX_REMEMBERED = 64;

/** The entries that allow every address, as for a server that listens on all of them. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "[::]"]);

/**
 * The host names that a server accepts. A page whose own name was made to point to this server (DNS rebinding) sends
 * that name: its `Origin` equals its `Host`, so only the list distinguishes it from a page of this server.
 */
export class Hosts {
  /** Undefined if every name is accepted. */
  readonly #names: ReadonlySet<string> | undefined;
  /** Whether a proxy in front of the server checks the name. */
  readonly #isJudged: boolean;
  readonly #known = new Map<string, boolean>();

  /** @throws TypeError for an invalid name */
  constructor(names: readonly string[] | null | undefined) {
    this.#names = names ? new Set(names.map(readHostName)) : undefined;
    this.#isJudged = names === null;
  }

  /** Whether to accept a request with this `Host`. A request without one does not come from a browser. */
  accepts(host: string): boolean {
    if (this.#names === undefined || host === "") return true;
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    const isListed = this.#lists(nameOf(host), this.#names);
    this.#known.set(host, isListed);
    return isListed;
  }

  /** Whether `origin` is that of this server's own pages, given the `Host` of an accepted request. */
  isOwn(origin: string, host: string): boolean {
    if (!URL.canParse(origin)) return false;
    const { protocol, host: own } = new URL(origin);
    if (protocol !== "http:" && protocol !== "https:") return false;
    const target = `${protocol}//${host}`;
    if (!URL.canParse(target) || new URL(target).host !== own) return false;
    return this.#isJudged || this.#names !== undefined || isFixed(nameOf(host));
  }

  #lists(name: string | undefined, names: ReadonlySet<string>): boolean {
    if (name === undefined) return false;
    if (names.has(name) || isLoopback(name)) return true;
    return isAddress(name) && [...EVERY_ADDRESS].some((every) => names.has(every));
  }
}

/** Read a name of the option `hosts`, in the form of {@link nameOf}. @throws TypeError */
function readHostName(text: string): string {
  const host = text.includes(":") && !text.startsWith("[") ? `[${text}]` : text;
  const name = /[:*]/.test(host.replace(/^\[[^\]]*\]/, "")) ? undefined : nameOf(host);
  if (name !== undefined && name !== "") return name;
  throw new TypeError(
    `hosts: ${JSON.stringify(text)} is not a host name: write it without scheme, port, path and *, for example app.example`,
  );
}

/** The host of a `Host` field, as the URL standard normalizes it; undefined if it is invalid. */
function nameOf(host: string): string | undefined {
  if (/[\s/?#@\\]/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/\.$/, "");
}

/** Whether the name cannot be made to point elsewhere by an attacker's DNS. */
function isFixed(name: string | undefined): boolean {
  return name !== undefined && (isLoopback(name) || isAddress(name));
}

function isLoopback(name: string): boolean {
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d+){3}$/.test(name)
  );
}

function isAddress(name: string): boolean {
  return name.startsWith("[") || /^\d+(\.\d+){3}$/.test(name);
}
