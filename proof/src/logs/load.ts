import { publish, subscribe } from "@tidemark/client";

/** A reader for each of these mechanisms; readers resume after every failure. */
const READERS = ["sse", "long-polling", "polling", "auto"] as const;
/** Publishers that retry after every failure. */
const PUBLISHERS = 6;

/** Plain publishers, which send no key and do not retry, like `curl`; a log may store their messages together. */
const PLAIN = 6;

/** How long a plain publisher waits after a failure, in milliseconds. */
const PAUSE_MS = 40;
const QUICK = { retryDelayMs: () => 20 + Math.random() * 60 } as const;

/** The outcome of publishing to and reading from a channel while something is killed. */
export interface Outcome {
  /** Messages whose publish was acknowledged. */
  readonly acknowledged: number;
  /** Retried publishes. */
  readonly sentAgain: number;
  /** Resumed reads. */
  readonly resumed: number;
  /** Acknowledged messages that a reader did not get, summed over all readers. */
  readonly lost: number;
  /** Messages that a reader got twice, summed over all readers. */
  readonly doubled: number;
  /** Readers that got messages in another order than the first reader, or messages that nobody published. */
  readonly astray: number;
}

/** Publishers and readers of one channel, which run until {@link finish}. */
export class Load {
  readonly #url: string;
  readonly #acknowledged: string[] = [];
  /** Messages of plain publishers without an acknowledgement: stored once or not at all. */
  readonly #unsure: string[] = [];
  readonly #seen: string[][] = READERS.map(() => []);
  readonly #writing: Promise<unknown>;
  readonly #reading: Promise<unknown>;
  #sentAgain = 0;
  #resumed = 0;
  #isOver = false;

  constructor(url: string) {
    this.#url = url;
    this.#reading = Promise.all(READERS.map((mechanism, i) => this.#read(mechanism, this.#seen[i] ?? [])));
    this.#writing = Promise.all([
      ...Array.from({ length: PUBLISHERS }, (_, name) => this.#write(name)),
      ...Array.from({ length: PLAIN }, (_, name) => this.#writePlainly(name)),
    ]);
    for (const work of [this.#reading, this.#writing]) work.catch(() => undefined); // `finish` reports it
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Resolves when `count` more messages are acknowledged. */
  async progress(count: number): Promise<void> {
    const enough = this.acknowledged + count;
    const working = async (): Promise<void> => {
      while (this.acknowledged < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await Promise.race([
      working(),
      this.#writing,
      this.#reading.then(() => Promise.reject(new Error("a reader ended"))),
    ]);
  }

  /** Stop publishing, close the channel, and let all readers read to its end. */
  async finish(): Promise<Outcome> {
    this.#isOver = true;
    await this.#writing;
    await publish(this.#url, [], { ...QUICK, close: true, maxAttempts: 1_000 });
    await this.#reading;
    const { acknowledged, sentAgain } = { acknowledged: this.acknowledged, sentAgain: this.#sentAgain };
    const sent = { acknowledged: this.#acknowledged, unsure: this.#unsure };
    return { acknowledged, sentAgain, resumed: this.#resumed, ...compare(sent, this.#seen) };
  }

  async #write(name: number): Promise<void> {
    const onRetry = (): void => void this.#sentAgain++;
    for (let count = 0; !this.#isOver; count++) {
      const data = `${name}/${count}`;
      await publish(this.#url, [{ data }], { ...QUICK, onRetry, maxAttempts: 1_000 });
      this.#acknowledged.push(data);
    }
  }

  async #writePlainly(name: number): Promise<void> {
    for (let count = 0; !this.#isOver; count++) {
      const data = `plain ${name}/${count}`;
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(this.#url, { method: "POST", headers, body: JSON.stringify({ data }) }).then(
        (response) => response.arrayBuffer().then(() => response.ok),
        () => false, // the connection was cut, as intended
      );
      (answer ? this.#acknowledged : this.#unsure).push(data);
      if (!answer) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #read(mechanism: (typeof READERS)[number], seen: string[]): Promise<void> {
    const onRetry = (): void => void this.#resumed++;
    const options = { ...QUICK, mechanism, onRetry, waitS: 5 };
    for await (const { data } of subscribe<string>(this.#url, options)) seen.push(data);
  }
}

function compare(
  { acknowledged, unsure }: Readonly<Record<"acknowledged" | "unsure", readonly string[]>>,
  seen: readonly (readonly string[])[],
): Pick<Outcome, "lost" | "doubled" | "astray"> {
  const known = new Set([...acknowledged, ...unsure]);
  const [order = ""] = seen.map((one) => one.join());
  let [lost, doubled, astray] = [0, 0, 0];
  for (const one of seen) {
    const got = new Set(one);
    lost += acknowledged.filter((data) => !got.has(data)).length;
    doubled += one.length - got.size;
    if (one.join() !== order || one.some((data) => !known.has(data))) astray += 1;
  }
  return { lost, doubled, astray };
}
