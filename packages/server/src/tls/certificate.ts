import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";

/** The files of a certificate, in PEM. */
export interface TlsFiles {
  /** The certificate, followed by the intermediate ones. */
  readonly cert: string;
  /** Its private key. */
  readonly key: string;
}

/** A certificate with its key. */
export interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at, in milliseconds. */
const LOOK_MS = 2_000;

/**
 * A certificate that is read again when one of its files has changed. While the files are invalid, or do not fit each
 * other because only one was replaced yet, the certificate before stays in use.
 */
export class Certificate {
  readonly #files: TlsFiles;
  readonly #failed: (error: unknown) => void;
  #pair: Pair;
  #state: string;
  /** The state of files that were invalid when they were looked at. */
  #invalid: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws Error if the files cannot be read, or do not fit each other */
  constructor(files: TlsFiles, failed: (error: unknown) => void) {
    this.#files = files;
    this.#failed = failed;
    this.#state = stateOf(files);
    this.#pair = readPair(files);
  }

  get pair(): Pair {
    return this.#pair;
  }

  /** When it ends, in seconds since 1970. */
  get endsS(): number {
    return Date.parse(new X509Certificate(this.#pair.cert).validTo) / 1_000;
  }

  /** Call `changed` for each new certificate, until {@link end}. */
  follow(changed: (pair: Pair) => void, lookMs: number = LOOK_MS): void {
    this.#timer = setInterval(() => this.#look(changed), lookMs).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(changed: (pair: Pair) => void): void {
    const state = stateOf(this.#files);
    if (state === this.#state) return;
    try {
      this.#pair = readPair(this.#files);
      this.#state = state;
      changed(this.#pair);
    } catch (error) {
      // The second file may follow in a moment, so the failure is reported if it lasts.
      if (this.#invalid === state) {
        this.#state = state;
        this.#failed(error);
      }
      this.#invalid = state;
    }
  }
}

function readPair(files: TlsFiles): Pair {
  try {
    const pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(pair); // throws if they do not fit
    return pair;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The certificate ${files.cert} with the key ${files.key} cannot be used: ${why}`, {
      cause,
    });
  }
}

/** Changes whenever one of the files does. */
function stateOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((found) => (found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeMs}`))
    .join();
}
