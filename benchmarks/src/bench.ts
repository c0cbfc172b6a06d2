import { spawnSync } from "node:child_process";
import { type Answer, Connection } from "./load/connection.ts";
import { messageText } from "./load/message-text.ts";
import { Audience } from "./load/stream-reader.ts";
import { type Usage, usageOf } from "./process-usage.ts";
import type { Dialect, Inside, Started, Target } from "./targets/target.ts";

/** The measured cost of some work. */
export interface Cost {
  readonly seconds: number;
  /** CPU time of the target, in microseconds. */
  readonly cpuUs: number;
  /** The fraction of time in which the load generator was busy: near 1, it is the bottleneck. */
  readonly loadBusy: number;
}

/** A running target, and the load on it. */
export class Bench {
  readonly target: Target;
  readonly #started: Started;
  readonly #open: { close(): void }[] = [];

  private constructor(target: Target, started: Started) {
    this.target = target;
    this.#started = started;
  }

  static async start(target: Target): Promise<Bench> {
    const started = await target.start();
    pin(started.pid, 0);
    return new Bench(target, started);
  }

  get dialect(): Dialect {
    return this.target.dialect;
  }

  usage(): Usage {
    return usageOf(this.#started.pid);
  }

  inside(): Promise<Inside> | undefined {
    return this.#started.inside?.();
  }

  connect(): Connection {
    return this.#keep(new Connection(this.#started.port));
  }

  audience(): Audience {
    return this.#keep(new Audience(this.#started.port));
  }

  /** Make a channel ready. */
  async create(channel: string): Promise<void> {
    const { create } = this.dialect;
    if (create) expectSuccess(await this.connect().ask(create(channel)));
  }

  /** Publish `count` messages before the measurement. */
  async fill(channel: string, count: number): Promise<void> {
    const { fill, publish } = this.dialect;
    const AT_ONCE = 500;
    if (fill) {
      const connection = this.connect();
      for (let left = count; left > 0; left -= AT_ONCE) {
        const texts = Array.from({ length: Math.min(left, AT_ONCE) }, messageText);
        expectSuccess(await connection.ask(fill(channel, texts)));
      }
    } else {
      let left = count;
      const next = (): string | undefined => (left-- > 0 ? publish(channel, messageText()) : undefined);
      await this.repeat(16, next);
    }
  }

  /** Send requests on that many connections, each as soon as it has its last answer, until `next` has no more. */
  async repeat(connections: number, next: () => string | undefined): Promise<void> {
    const one = async (): Promise<void> => {
      const connection = this.connect();
      for (let request = next(); request !== undefined; request = next())
        expectSuccess(await connection.ask(request));
      connection.close();
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  /** Measure what `work` costs. */
  async cost(work: () => Promise<void>): Promise<Cost> {
    const before = this.usage();
    const loadBefore = process.cpuUsage();
    const startedAt = performance.now();
    await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(loadBefore);
    return {
      seconds,
      cpuUs: this.usage().cpuUs - before.cpuUs,
      loadBusy: (user + system) / 1e6 / seconds,
    };
  }

  async stop(): Promise<void> {
    for (const one of this.#open) one.close();
    await this.#started.stop();
  }

  #keep<T extends { close(): void }>(one: T): T {
    this.#open.push(one);
    return one;
  }
}

/** @throws if the target answered with an error */
export function expectSuccess(answer: Answer): Answer {
  if (answer.status >= 400) throw new Error(`refused: ${answer.head}${answer.tail}`);
  return answer;
}

/** Pin a process to one CPU, so that load and target do not share one. Does nothing where that is impossible. */
export function pin(pid: number, cpu: number): void {
  spawnSync("taskset", ["-acp", String(cpu), String(pid)], { stdio: "ignore" });
}
