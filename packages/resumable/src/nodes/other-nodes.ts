import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { endDraft } from "../runs/records.ts";
import type { Names } from "./names.ts";

/** How long a process may show no life before its runs count as lost, and how often others look, as parts of the heartbeat. */
const [DEAD_PART, LOOK_PART] = [0.7, 0.1];

/** After the log was unavailable here, other processes get this much longer: they may reach it again later than this one. */
const RECONNECT_MS = 5_000;

/** How long a run is looked after when its last reader has left, in heartbeats: polls come again. */
const LINGER_PARTS = 2;

interface OtherNode {
  /** The cursor of its newest beat, and since when it stands still; in the future while that does not count. */
  beat: string | undefined;
  since: number;
  /** The runs of this process that are read here. */
  readonly runs: Map<string, Reading>;
}

interface Reading {
  readers: number;
  lastMs: number;
}

/** Watches the processes whose runs are read here. If one of them dies, ends its runs, so that no reader waits in vain. */
export class OtherNodes {
  readonly #log: Log;
  readonly #names: Names;
  readonly #heartbeatMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #nodes = new Map<string, OtherNode>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(log: Log, names: Names, heartbeatMs: number, onError: (error: unknown) => void) {
    this.#log = log;
    this.#names = names;
    this.#heartbeatMs = heartbeatMs;
    this.#onError = onError;
  }

  /** Call when a run of another process gets a reader. Returns what to call once when the reader leaves. */
  follow(node: string, run: string): () => void {
    const other = this.#nodes.get(node) ?? { beat: undefined, since: performance.now(), runs: new Map() };
    this.#nodes.set(node, other);
    const reading = other.runs.get(run) ?? { readers: 0, lastMs: 0 };
    other.runs.set(run, reading);
    reading.readers += 1;
    this.#timer ??= setInterval(() => void this.#look(), this.#heartbeatMs * LOOK_PART).unref();
    return () => {
      reading.readers -= 1;
      reading.lastMs = performance.now();
    };
  }

  /** The runs that are read here, by the process that produces them. */
  *readings(): Generator<[node: string, runs: string[]]> {
    for (const [node, { runs }] of this.#nodes) yield [node, [...runs.keys()]];
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#nodes.clear();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await Promise.all([...this.#nodes].map(([node, other]) => this.#lookAt(node, other)));
    this.#looking = false;
    if (this.#nodes.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #lookAt(node: string, other: OtherNode): Promise<void> {
    const now = performance.now();
    for (const [run, { readers, lastMs }] of other.runs)
      if (readers === 0 && now - lastMs > LINGER_PARTS * this.#heartbeatMs) other.runs.delete(run);
    if (other.runs.size === 0) return void this.#nodes.delete(node);
    try {
      const { cursor } = await this.#log.read(this.#names.beats(node), "end", { maxMessages: 1 });
      if (cursor !== other.beat) [other.beat, other.since] = [cursor, performance.now()];
      else if (now - other.since > DEAD_PART * this.#heartbeatMs) await this.#bury(node, other);
    } catch (error) {
      other.since = performance.now() + RECONNECT_MS;
      this.#onError(error);
    }
  }

  async #bury(node: string, other: OtherNode): Promise<void> {
    this.#nodes.delete(node);
    await Promise.all([...other.runs.keys()].map((run) => this.#endRun(run)));
  }

  async #endRun(run: string): Promise<void> {
    try {
      const draft = endDraft("lost", "The process that produced this run is gone");
      await this.#log.append(this.#names.run(run), [draft], { close: true });
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === "closed")) throw error;
    }
  }
}
