import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { Inbox, type Note, tell } from "./nodes/inbox.ts";
import { Lease } from "./nodes/lease.ts";
import { isId, Names, newId } from "./nodes/names.ts";
import { OtherNodes } from "./nodes/other-nodes.ts";
import { Registry } from "./nodes/registry.ts";
import { type ResumableOptions, type Settings, settingsOf } from "./options.ts";
import { noSuchRun, problemResponse } from "./problems.ts";
import { Readers } from "./reading/readers.ts";
import { claimKey, keyOf, requestDigest } from "./runs/keys.ts";
import { LiveRuns } from "./runs/live-runs.ts";
import { Producer } from "./runs/producer.ts";
import { endDraft, type HeadRecord, headDraft, type KnownRun, readRun, runDraft } from "./runs/records.ts";
import { RunWriter } from "./runs/run-writer.ts";
import { chunksOf, headOf, type Upstream } from "./runs/upstream.ts";

/** What a producer gets. */
export interface Start {
  /** The id of the run. */
  readonly run: string;
  /** Aborts when the run ends before its upstream: pass it to the upstream. Do not pass `request.signal` instead. */
  readonly signal: AbortSignal;
}

/** Begins the work of a run, and returns its stream. Any other answer, such as a refusal, is passed on, and is no run. */
export type Produce = (start: Start) => Upstream | Promise<Upstream>;

/** Options of {@link Runs.start}. */
export interface StartOptions {
  /** The URL at which the run can be resumed. @defaultValue `id => path of the request + "/" + id` */
  readonly location?: (id: string) => string;
}

/** The runs of one process. Every process with the same log can resume and cancel each of them. */
export class Runs {
  readonly #settings: Settings;
  readonly #names: Names;
  readonly #node = newId();
  readonly #lease: Lease;
  readonly #others: OtherNodes;
  readonly #inbox: Inbox;
  readonly #registry: Registry;
  readonly #readers: Readers;
  readonly #live: LiveRuns;

  /** Use {@link resumable}. @internal */
  constructor(settings: Settings) {
    const { log, prefix, heartbeatS, maxAgeMs, retainMs, onError } = settings;
    const names = new Names(prefix);
    this.#settings = settings;
    this.#names = names;
    this.#lease = new Lease(log, names, this.#node, heartbeatS * 1_000, onError);
    this.#others = new OtherNodes(log, names, heartbeatS * 1_000, onError);
    this.#inbox = new Inbox(log, names, this.#node, (note) => this.#receive(note), onError);
    this.#registry = new Registry(log, names, maxAgeMs + retainMs, onError);
    this.#live = new LiveRuns(settings, this.#lease, () => this.#tellReadings());
    this.#readers = new Readers(settings, names, (id, run) => this.#attend(id, run));
  }

  /**
   * Start a run and answer with its stream. `produce` is called once for each run: a request with an `Idempotency-Key`
   * that the same principal has used gets the run of that request instead. The run continues when its readers leave.
   * @throws what `produce` throws, before there is a stream; there is no run then
   */
  async start(request: Request, produce: Produce, options: StartOptions = {}): Promise<Response> {
    return this.#refusable(async () => {
      const principal = await this.#readers.admit({ request, action: "start", run: undefined });
      const key = keyOf(request);
      const keyed = key === undefined ? undefined : this.#names.key(principal, key);
      const id = newId();
      const channel = this.#names.run(id);
      const record = { node: this.#node, owner: principal };
      this.#live.announce(id);
      this.#inbox.open();
      const channels = keyed === undefined ? [channel] : [channel, keyed];
      try {
        const digest = keyed === undefined ? "" : await requestDigest(request);
        const [{ cursor }] = await Promise.all([
          this.#settings.log.append(channel, [runDraft(record)]),
          this.#registry.add(channels),
        ]);
        const first =
          keyed === undefined ? id : await claimKey(this.#settings.log, keyed, { run: id, digest });
        if (first !== id) {
          this.#live.discard(id, [channel]);
          return this.#located(request, first, options, await this.#answer(request, first, principal, true));
        }
        const writer = new RunWriter(this.#settings.log, channel, cursor, this.#settings.logGraceMs);
        const head = await this.#produce(id, writer, channels, produce);
        if (head instanceof Response) return head;
        const response = await this.#readers.answer(request, id, { ...record, head }, principal, true);
        return this.#located(request, id, options, response);
      } catch (error) {
        this.#live.discard(id, channels);
        throw error;
      }
    });
  }

  /**
   * Answer with the stream of a run, after `Last-Event-ID`, else after the parameter `after`, else from the beginning.
   * `id` is by default the last segment of the path. With `stream=1`, Tidemark's own clients get their protocol.
   */
  resume(request: Request, id: string = lastSegment(request)): Promise<Response> {
    return this.#refusable(async () => {
      if (!isId(id)) throw noSuchRun();
      const principal = await this.#readers.admit({ request, action: "resume", run: id });
      return this.#answer(request, id, principal, false);
    });
  }

  /** End a run. Resolves to false if there is no such run, or if it is over. Asks nobody. */
  cancel(id: string): Promise<boolean>;
  /** End the run of a request, for a `DELETE`. */
  cancel(request: Request, id?: string): Promise<Response>;
  cancel(target: string | Request, id?: string): Promise<boolean | Response> {
    if (typeof target === "string") return this.#cancel(target);
    return this.#refusable(async () => {
      const run = id ?? lastSegment(target);
      if (!isId(run)) throw noSuchRun();
      const principal = await this.#readers.admit({ request: target, action: "cancel", run });
      await this.#readers.find(run, principal);
      await this.#cancel(run);
      return new Response(null, { status: 204 });
    });
  }

  /** What this process holds now. */
  stats(): { readonly producing: number; readonly streams: number } {
    return { producing: this.#live.size, streams: this.#readers.server.stats().streams };
  }

  /** Remove the runs whose time is over, also those of processes that have died. Runs by itself once in a while. */
  sweep(): Promise<number> {
    return this.#registry.sweep();
  }

  /** End all runs of this process, and then its streams. The log stays open. */
  async dispose(): Promise<void> {
    await this.#live.end();
    this.#registry.end();
    this.#others.end();
    await this.#readers.server.drain({ windowMs: 0 });
    await Promise.all([this.#lease.end(), this.#inbox.end()]);
  }

  /** Call the producer, and copy its stream from now on. Returns its answer if that is no stream. */
  async #produce(
    id: string,
    writer: RunWriter,
    channels: string[],
    produce: Produce,
  ): Promise<Response | HeadRecord> {
    const abort = new AbortController();
    const producer = new Producer(writer, this.#settings, abort);
    this.#live.add(id, producer);
    const upstream = await upstreamOf(produce, { run: id, signal: abort.signal }, producer);
    const head = headOf(upstream);
    if (head === undefined) {
      this.#live.discard(id, channels);
      return upstream as Response;
    }
    writer.push([headDraft(head)]);
    this.#live.run(id, producer.run(chunksOf(upstream), this.#settings.onError), channels);
    return head;
  }

  async #answer(request: Request, id: string, principal: string, isFirst: boolean): Promise<Response> {
    const run = await this.#readers.find(id, principal);
    return this.#readers.answer(request, id, run, principal, isFirst);
  }

  #located(request: Request, id: string, { location }: StartOptions, response: Response): Response {
    const path = new URL(request.url).pathname.replace(/\/$/, "");
    response.headers.set("Location", location?.(id) ?? `${path}/${id}`);
    return response;
  }

  /** Count a reader. */
  #attend(id: string, run: KnownRun): (() => void) | "orphan" {
    if (run.node !== this.#node) return this.#others.follow(run.node, id);
    return this.#live.attend(id) ?? "orphan";
  }

  async #cancel(id: string): Promise<boolean> {
    const { log } = this.#settings;
    const run = await readRun(log, this.#names.run(id));
    if (run === undefined) return false;
    try {
      await log.append(this.#names.run(id), [endDraft("cancelled", "")], { close: true });
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "closed") return false;
      throw error;
    }
    this.#live.stop(id, "cancelled");
    if (run.node !== this.#node) await tell(log, this.#names, run.node, { about: "cancelled", runs: [id] });
    return true;
  }

  #receive({ about, runs }: Note): void {
    for (const run of runs)
      if (about === "cancelled") this.#live.stop(run, "cancelled");
      else this.#live.touch(run);
  }

  /** Tell other processes that their runs are read here. */
  #tellReadings(): void {
    for (const [node, runs] of this.#others.readings())
      tell(this.#settings.log, this.#names, node, { about: "read", runs }).catch(this.#settings.onError);
  }

  async #refusable(answer: () => Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      if (error instanceof ProtocolError) return problemResponse(error);
      throw error;
    }
  }
}

/** What the producer returns. If the run was ended meanwhile, it may fail because of that. */
async function upstreamOf(produce: Produce, start: Start, producer: Producer): Promise<Upstream> {
  try {
    return await produce(start);
  } catch (error) {
    if (!producer.isStopped) throw error;
    return new ReadableStream({ start: (controller) => controller.close() });
  }
}

function lastSegment({ url }: Request): string {
  return new URL(url).pathname.split("/").findLast((segment) => segment !== "") ?? "";
}

/**
 * Make the event streams of your server resumable: a reader that reloads, or whose connection was cut, continues where it
 * was, on any process with the same log, and the work is done once.
 * @throws RangeError for an invalid option
 */
export function resumable(log: Log, options: ResumableOptions = {}): Runs {
  return new Runs(settingsOf(log, options));
}
