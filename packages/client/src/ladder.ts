import { AnswerError, ConnectionError } from "@tidemark/client-core";
import {
  announceRetry,
  type Batch,
  type Connection,
  connect,
  countFailure,
  type Mechanism,
} from "@tidemark/client-core/kit";
import { Probe } from "./probe.ts";

/** This many consecutive early cuts show that something on the way does not let the mechanism through. */
const MAX_CUTS = 3;

/** After receiving data for this long, in milliseconds, a cut does not count against the mechanism. */
const LONG_LIFE_MS = 30_000;

/** When to probe a better mechanism, in milliseconds; doubles after each change, up to the last one. */
const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 600_000;

/** A request that fails without an answer after this many ms was cut; a dead server fails sooner. */
const UNDER_WAY_MS = 1_000;

/** The failures that a proxy causes if it does not let a mechanism through. */
const CUTS: ReadonlySet<string> = new Set<ConnectionError["failure"]>(["cut", "foreign", "timeout"]);

function isCut({ failure }: ConnectionError, openMs: number): boolean {
  return CUTS.has(failure) || (failure === "unreachable" && openMs > UNDER_WAY_MS);
}

/** Report why the next mechanism is tried, although there is no wait. */
function tellOf(session: Connection["session"], error: ConnectionError): void {
  countFailure(session, error);
  announceRetry(session, error, 0);
}

type Rungs = readonly [Mechanism, ...Mechanism[]];

/** The best working mechanism of several, best first. For one subscription only: it remembers what failed. */
export function ladder(rungs: Rungs): Mechanism {
  return new Ladder(rungs);
}

class Ladder implements Mechanism {
  readonly #rungs: Rungs;
  #rung = 0;
  /** Consecutive connections that were cut early. */
  #cuts = 0;
  #probe: Probe | undefined;
  #isProbeDue = false;
  #probeMs = FIRST_PROBE_MS;
  /** How often the rung has changed; only the timer of the last change counts. */
  #changes = 0;

  constructor(rungs: Rungs) {
    this.#rungs = rungs;
  }

  get name(): string {
    return this.#mechanism.name;
  }

  async *open(connection: Connection): AsyncGenerator<Batch, number | undefined, void> {
    const batches = this.#climb(connection) ?? this.#mechanism.open(connection);
    const openedAt = performance.now();
    // The connection's life starts when the request is sent, not while the application prepares its headers.
    const sinceSent = (otherwise: number): number => performance.now() - (connection.sentAt ?? otherwise);
    // The last silence does not count as life: a stream held back after its first block has not lived long.
    let livedMs = 0;
    let holds = false;
    try {
      for (;;) {
        const step = await batches.next();
        if (step.done) {
          this.#cuts = 0;
          return step.value;
        }
        holds ||= step.value.holds === true || step.value.messages.length > 0;
        livedMs = sinceSent(openedAt);
        yield step.value;
      }
    } catch (error) {
      const isUnfit = !holds && this.#isUnfit(error);
      this.#count(error, livedMs, sinceSent(performance.now()));
      const isLast = this.#rung + 1 === this.#rungs.length;
      if (isLast || !(isUnfit || this.#cuts >= MAX_CUTS)) throw error;
      this.#goTo(this.#rung + 1, connection);
      if (!isUnfit) throw error; // after the usual wait
      if (error instanceof ConnectionError) tellOf(connection.session, error);
      yield { messages: [], more: true }; // try the next mechanism at once
      return 0;
    } finally {
      await batches.return(undefined);
    }
  }

  get #mechanism(): Mechanism {
    return this.#rungs[this.#rung] ?? this.#rungs[0];
  }

  /** Climb if a probe worked. Take over its connection only if it started at the current position. */
  #climb(connection: Connection): AsyncGenerator<Batch, number | undefined, void> | undefined {
    const probe = this.#probe;
    if (probe === undefined) this.#startProbe(connection);
    if (probe?.works === undefined) return undefined;
    this.#probe = undefined;
    this.#goTo(probe.works ? this.#rung - 1 : this.#rung, connection);
    if (probe.works && probe.position === connection.position) return probe.takeOver();
    probe.close();
    return undefined;
  }

  #startProbe(connection: Connection): void {
    const better = this.#rungs[this.#rung - 1];
    if (this.#isProbeDue && better !== undefined)
      this.#probe = new Probe(better, connect(connection.session));
  }

  /** Switch to this rung, and schedule a probe of the one above it. */
  #goTo(rung: number, { session }: Connection): void {
    this.#probe?.close();
    this.#probe = undefined;
    this.#rung = rung;
    this.#cuts = 0;
    this.#isProbeDue = false;
    if (rung === 0) return;
    const change = ++this.#changes;
    void session.delay(this.#probeMs, session.signal, "probe").then(() => {
      this.#isProbeDue ||= change === this.#changes;
    });
    this.#probeMs = Math.min(LAST_PROBE_MS, this.#probeMs * 2);
  }

  /** Whether the server or the network does not support this mechanism. */
  #isUnfit(error: unknown): boolean {
    if (error instanceof AnswerError) return error.status === 406;
    if (!(error instanceof ConnectionError)) return false;
    // Only a stream answers at once and has heartbeats; a timeout of a held poll proves little.
    return error.failure === "unstreamable" || (error.failure === "timeout" && this.#rung === 0);
  }

  #count(error: unknown, livedMs: number, openMs: number): void {
    if (livedMs > LONG_LIFE_MS) {
      this.#cuts = 0;
      this.#probeMs = FIRST_PROBE_MS;
    } else if (error instanceof ConnectionError && isCut(error, openMs)) this.#cuts += 1;
  }
}
