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

/** So many connections in succession that were cut early show that something on the way does not let them live. */
const MAX_CUTS = 3;

/** A connection that brought something for so long, in milliseconds, was not cut for what it is. */
const LONG_LIFE_MS = 30_000;

/** A better mechanism is tried again after this, then after twice as long, and so on; in milliseconds. */
const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 600_000;

/** A request that failed without an answer only after so long, in milliseconds, was under way: a server that is down fails sooner. */
const UNDER_WAY_MS = 1_000;

/** The failures that come of a proxy that does not let a mechanism through. */
const CUTS: ReadonlySet<string> = new Set<ConnectionError["failure"]>(["cut", "foreign", "timeout"]);

function isCut({ failure }: ConnectionError, openMs: number): boolean {
  return CUTS.has(failure) || (failure === "unreachable" && openMs > UNDER_WAY_MS);
}

/** The application is told why the next mechanism is tried, though it is tried at once. */
function tellOf(session: Connection["session"], error: ConnectionError): void {
  countFailure(session, error);
  announceRetry(session, error, 0);
}

type Rungs = readonly [Mechanism, ...Mechanism[]];

/** The best of several mechanisms that works, the best first; for one subscription, since it remembers how that fared. */
export function ladder(rungs: Rungs): Mechanism {
  return new Ladder(rungs);
}

class Ladder implements Mechanism {
  readonly #rungs: Rungs;
  #rung = 0;
  /** Connections in succession that were cut early. */
  #cuts = 0;
  #probe: Probe | undefined;
  #isProbeDue = false;
  #probeMs = FIRST_PROBE_MS;
  /** How often it changed its rung, so that only the timer of the last change counts. */
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
    // The time that the application takes for its request headers is no life of the connection.
    const sinceSent = (otherwise: number): number => performance.now() - (connection.sentAt ?? otherwise);
    // The silence before a death is no life: a stream that is held back after its first block dies young.
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
      yield { messages: [], more: true }; // the next mechanism is asked at once
      return 0;
    } finally {
      await batches.return(undefined);
    }
  }

  get #mechanism(): Mechanism {
    return this.#rungs[this.#rung] ?? this.#rungs[0];
  }

  /** Go up if a probe found that this works; what it began is taken over only where it began at the same position. */
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

  /** Use this rung, and try the one above it after a while. */
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

  /** Whether the mechanism is not for this server, or not for what lies between. */
  #isUnfit(error: unknown): boolean {
    if (error instanceof AnswerError) return error.status === 406;
    if (!(error instanceof ConnectionError)) return false;
    // Only a stream answers at once, and its server beats: that a held poll brought nothing in time says little.
    return error.failure === "unstreamable" || (error.failure === "timeout" && this.#rung === 0);
  }

  #count(error: unknown, livedMs: number, openMs: number): void {
    if (livedMs > LONG_LIFE_MS) {
      this.#cuts = 0;
      this.#probeMs = FIRST_PROBE_MS;
    } else if (error instanceof ConnectionError && isCut(error, openMs)) this.#cuts += 1;
  }
}
