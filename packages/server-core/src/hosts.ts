/** How many `Host` fields are remembered; others are looked at anew. */
const MAX_REMEMBERED = 64;

/** Entries that stand for every address: those of a server that listens on all of them. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "[::]"]);

/**
 * The names by which a server can be asked. A page whose own name was made to point to this server (DNS rebinding) asks
 * by that name; its `Origin` equals its `Host`, so only the list tells it from a page of this server.
 */
export class Hosts {
  /** Undefined where every name is taken. */
  readonly #names: ReadonlySet<string> | undefined;
  /** Whether something in front of the server has judged the name. */
  readonly #isJudged: boolean;
  readonly #known = new Map<string, boolean>();

  /** @throws TypeError for a name that is not one */
  constructor(names: readonly string[] | null | undefined) {
    this.#names = names ? new Set(names.map(readHostName)) : undefined;
    this.#isJudged = names === null;
  }

  /** Whether a request with this `Host` is for this server. Without one it is not from a browser. */
  accepts(host: string): boolean {
    if (this.#names === undefined || host === "") return true;
    const known = this.#known.get(host);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    const isListed = this.#lists(nameOf(host), this.#names);
    this.#known.set(host, isListed);
    return isListed;
  }

  /** Whether `origin` is that of this server's own pages, given the `Host` of a request that is accepted. */
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

/** A name of the option `hosts`, as {@link nameOf} has it. @throws TypeError */
function readHostName(text: string): string {
  const host = text.includes(":") && !text.startsWith("[") ? `[${text}]` : text;
  const name = /[:*]/.test(host.replace(/^\[[^\]]*\]/, "")) ? undefined : nameOf(host);
  if (name !== undefined && name !== "") return name;
  throw new TypeError(
    `hosts: ${JSON.stringify(text)} is not a host name: write it without scheme, port, path and *, app.example for instance`,
  );
}

/** The host of a `Host` field, in the one form that the URL standard gives it; undefined if it has none. */
function nameOf(host: string): string | undefined {
  if (/[\s/?#@\\]/.test(host) || !URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/\.$/, "");
}

/** Whether no DNS server of a stranger decides where the name points. */
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
