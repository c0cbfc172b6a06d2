import { createHash, randomBytes } from "node:crypto";

/** The names of the channels in which runs, processes and keys are kept. */
export class Names {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  run(id: string): string {
    return `${this.#prefix}run.${id}`;
  }

  /** The id of the run in a channel. */
  idOf(channel: string): string {
    return channel.slice(this.run("").length);
  }

  /** Where a process shows that it is alive. */
  beats(node: string): string {
    return `${this.#prefix}beats.${node}`;
  }

  /** Where a process is told which of its runs were cancelled, and which are read elsewhere. */
  inbox(node: string): string {
    return `${this.#prefix}inbox.${node}`;
  }

  /** The run that a principal started with a key. */
  key(principal: string, key: string): string {
    return `${this.#prefix}key.${digestOf(principal, key)}`;
  }

  /** The runs that were started in one period. */
  period(period: number): string {
    return `${this.#prefix}period.${period}`;
  }
}

/** Texts in which no separator can be faked, as one short text. */
export function digestOf(...texts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest("base64url");
}

/** 144 random bits: an id that cannot be guessed. */
export function newId(): string {
  return randomBytes(18).toString("base64url");
}

const ID = /^[A-Za-z0-9_-]{24}$/;

/** Whether a text can be the id of a run. */
export function isId(text: string): boolean {
  return ID.test(text);
}
