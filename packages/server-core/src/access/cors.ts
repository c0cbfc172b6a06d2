import { readOrigins } from "./origins.ts";

/** What pages of other origins may do. Reading and writing are granted separately. */
export interface CorsOptions {
  /** `*`, or the origins whose pages may read, such as `https://app.example`. @defaultValue "*" */
  readonly origin?: "*" | readonly string[];
  /**
   * The origins whose pages may write: publish, close and remove. They may read too. The server's own pages may write in
   * any case, and so may programs, which send no `Origin`. `*` lets the pages of every site write.
   * @defaultValue the list in `origin`; none if that is `*`
   */
  readonly write?: "*" | readonly string[];
  /** Request header fields that pages may send besides those of the protocol, such as `traceparent`. @defaultValue none */
  readonly headers?: readonly string[];
  /** Let browsers send cookies; needs a list of origins. @defaultValue false */
  readonly credentials?: boolean;
}

/** Fields that a page's script may read besides the safelisted ones. Spec: core, CORE-ORIGIN-2. */
const EXPOSED = "Tidemark, ETag, Retry-After, Location, WWW-Authenticate";
/** Fields that a page may send to read, and to write. Spec: core, CORE-ORIGIN-3 and 5. */
const TO_READ: readonly string[] = ["Authorization", "If-None-Match", "Last-Event-ID"];
const TO_WRITE: readonly string[] = ["Content-Type", "Idempotency-Key"];
const WRITING: ReadonlySet<string> = new Set(["POST", "DELETE"]);
/** Seconds for which a browser may cache a preflight; no browser caches it for more than two hours. */
const PREFLIGHT_AGE_S = 7_200;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Header fields by their names. */
type Fields = Readonly<Record<string, string>>;

/** Decides by the options what pages of each origin may do. */
export class Cors {
  readonly #readers: "*" | ReadonlySet<string>;
  readonly #writers: "*" | ReadonlySet<string>;
  readonly #headers: readonly string[];
  readonly #fields: Fields;
  readonly #isOff: boolean;

  /** `null` allows only this server's own pages. @throws TypeError for an invalid or contradictory option */
  constructor(options: CorsOptions | null) {
    const { origin = "*", credentials = false, headers = [] } = options ?? { origin: [] };
    const { write = origin === "*" ? [] : origin } = options ?? {};
    this.#writers = readOrigins(write);
    this.#readers = origin === "*" ? "*" : new Set([...readOrigins(origin), ...this.#writers]);
    if (origin !== "*" && this.#writers === "*")
      throw new TypeError('cors: write is "*" but origin is a list: an origin that may write may read too');
    if (credentials && (origin === "*" || write === "*"))
      throw new TypeError('cors: credentials need a list of origins, not "*"');
    const bad = headers.find((name) => !TOKEN.test(name));
    if (bad !== undefined)
      throw new TypeError(`cors: ${JSON.stringify(bad)} is not the name of a header field`);
    this.#headers = headers;
    this.#isOff = options === null;
    this.#fields = {
      "Access-Control-Expose-Headers": EXPOSED,
      ...(credentials && { "Access-Control-Allow-Credentials": "true" }),
    };
  }

  /** Whether {@link fieldsFor} depends on the `Origin` of a request. */
  get varies(): boolean {
    return !this.#isOff && this.#readers !== "*";
  }

  /** Whether pages of another origin may use a method. Spec: publishing, PUB-ORIGIN-1 and 2. */
  allows(method: string, origin: string): boolean {
    return !WRITING.has(method) || this.#writers === "*" || this.#writers.has(origin);
  }

  /** The CORS fields of every answer. Spec: core, CORE-ORIGIN-1 and 2. */
  fieldsFor(origin: string | undefined): Fields {
    if (this.#readers === "*") return { "Access-Control-Allow-Origin": "*", ...this.#fields };
    if (origin === undefined || !this.#readers.has(origin)) return {};
    return { "Access-Control-Allow-Origin": origin, ...this.#fields };
  }

  /** The further fields of the answer to a preflight. Spec: core, CORE-ORIGIN-3 and 5. */
  preflightFor(origin: string | undefined, allow: string): Fields {
    if (this.#isOff) return {};
    const mayWrite = origin === undefined || this.allows("POST", origin);
    const methods = allow.split(", ").filter((method) => mayWrite || !WRITING.has(method));
    return {
      "Access-Control-Allow-Methods": methods.join(", "),
      "Access-Control-Allow-Headers": [...TO_READ, ...(mayWrite ? TO_WRITE : []), ...this.#headers].join(
        ", ",
      ),
      "Access-Control-Max-Age": String(PREFLIGHT_AGE_S),
      ...(this.#writers !== "*" && !this.varies && { Vary: "Origin" }),
    };
  }
}
