import { type Exchange, Exchange as Sent } from "../../../../engine/wire/exchange.ts";
import { header } from "../../../../engine/wire/headers.ts";
import { KeptConnection } from "../../../../engine/wire/kept-connection.ts";
import { buildRequest, type RequestInit } from "../../../../engine/wire/request.ts";
import { headerLines } from "../../../../engine/wire/secrets.ts";
import type { Target } from "../target.ts";
import type { HistoryStep, Travel } from "./steps.ts";

/** A kept connection, and the last exchange on it. */
interface Conn {
  readonly kept: KeptConnection;
  last: Exchange | undefined;
}

/** Sends the requests of one history, and remembers them. */
export class Sender {
  readonly exchanges: Exchange[];
  readonly #target: Target;
  /** The step that is made. */
  step: HistoryStep | undefined;
  readonly #origins = new Map<Exchange, HistoryStep>();
  #kept: Conn[] = [];

  /** @param exchanges where to put what is sent */
  constructor(target: Target, exchanges: Exchange[]) {
    this.#target = target;
    this.exchanges = exchanges;
  }

  /** The step that sent an exchange. */
  originOf(exchange: Exchange | undefined): HistoryStep | undefined {
    return exchange && this.#origins.get(exchange);
  }

  send(init: RequestInit, travel: Travel): Exchange {
    const conn = travel === "keep" ? this.#connection(init.url) : undefined;
    return this.#sendOn(init, conn);
  }

  /** Send all requests in one packet. */
  together(all: readonly RequestInit[]): Exchange[] {
    const conn = this.#connection(all[0]?.url ?? "");
    return conn.kept.together(() => all.map((init) => this.#sendOn(init, conn)));
  }

  /** Send without the user's header fields. */
  bare(init: RequestInit): Exchange {
    const sent = new Sent(buildRequest(init), { insecure: this.#target.insecure });
    this.exchanges.push(sent);
    return sent;
  }

  /** Drop every connection. */
  end(): void {
    for (const exchange of this.exchanges) exchange.abort();
    for (const { kept } of this.#kept) kept.close();
    this.#kept = [];
  }

  #sendOn(init: RequestInit, conn: Conn | undefined): Exchange {
    const given = init.headers ?? [];
    const extra = headerLines(this.#target.headers).filter(([name]) => header(given, name) === undefined);
    const kept = conn ? [["Connection", "keep-alive"] as const] : [];
    const request = buildRequest({ ...init, headers: [...given, ...extra, ...kept] });
    const { insecure } = this.#target;
    const sent = new Sent(request, {
      insecure,
      earlyAnswerMs: EARLY_MS,
      ...(conn ? { kept: conn.kept } : {}),
    });
    if (conn) conn.last = sent;
    if (this.step) this.#origins.set(sent, this.step);
    this.exchanges.push(sent);
    return sent;
  }

  #connection(url: string): Conn {
    this.#kept = this.#kept.filter(isUsable);
    const free = this.#kept.find(({ kept }) => kept.waiting === 0);
    if (free) return free;
    const kept = new KeptConnection(new URL(url), { insecure: this.#target.insecure });
    const conn: Conn = { kept, last: undefined };
    this.#kept.push(conn);
    return conn;
  }
}

/** A history has few large bodies that are refused; without the answer to one, it is not judged. */
const EARLY_MS = 20;

function isUsable({ kept, last }: Conn): boolean {
  if (!kept.isUsable) return false;
  if (last?.ending === undefined) return true;
  const closing = /\bclose\b/i.test(last.header("connection") ?? "") || last.version === "1.0";
  if (closing) kept.close();
  return !closing;
}
