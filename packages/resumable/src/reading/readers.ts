import { ProtocolError } from "@tidemark/protocol";
import type { ChannelServer, Visit } from "@tidemark/server-core";
import { answerFetch } from "@tidemark/server-core/fetch";
import type { Names } from "../nodes/names.ts";
import type { RunAccess, Settings } from "../options.ts";
import { asRefusal, noSuchRun } from "../problems.ts";
import { endDraft, type KnownRun, readRun } from "../runs/records.ts";
import { isPlain } from "./plain-form.ts";
import { createRunServer } from "./run-server.ts";

/** Where readers of a run are counted: by its producer if that is here, else by the watch over its process. */
export type Attend = (id: string, run: KnownRun) => (() => void) | "orphan";

/** Answers the readers of runs. */
export class Readers {
  readonly server: ChannelServer<Request>;
  readonly #settings: Settings;
  readonly #names: Names;
  readonly #attend: Attend;
  /** Requests that were just admitted: the server need not ask again. */
  readonly #admitted = new WeakMap<Request, string>();

  constructor(settings: Settings, names: Names, attend: Attend) {
    this.#settings = settings;
    this.#names = names;
    this.#attend = attend;
    const again = (visit: Visit<Request>): Promise<string | undefined> => this.#judge(visit);
    this.server = createRunServer(settings, settings.authorize === undefined ? undefined : again);
  }

  /** Who sends a request. @throws ProtocolError the refusal, and what the hook throws */
  async admit(access: RunAccess): Promise<string> {
    try {
      return (await this.#settings.authorize?.(access)) ?? "";
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** The run that a principal may read and cancel. @throws ProtocolError `no-such-channel` */
  async find(id: string, principal: string): Promise<KnownRun> {
    const run = await readRun(this.#settings.log, this.#names.run(id));
    if (run === undefined) throw noSuchRun();
    const { authorize, isShared = false } = this.#settings;
    if (authorize !== undefined && !isShared && run.owner !== principal) throw noSuchRun();
    return run;
  }

  /** Answer with the stream of a run. `isFirst`: the request has started it, and gets all of it. Never rejects. */
  async answer(
    request: Request,
    id: string,
    run: KnownRun,
    principal: string,
    isFirst: boolean,
  ): Promise<Response> {
    const over = this.#attend(id, run);
    if (over === "orphan") await this.#endOrphan(id);
    const whenOver = over === "orphan" ? () => undefined : once(over);
    if (request.signal.aborted) whenOver();
    this.#admitted.set(request, principal);
    const url = new URL(request.url);
    const target = { channel: this.#names.run(id), search: isFirst ? "" : url.search, host: undefined };
    const as = isFirst ? { method: "GET", headers: {} } : {};
    const response = await answerFetch(this.server, request, { target, whenOver, ...as });
    if (response.body === null) whenOver();
    const plain = isFirst || isPlain(url.searchParams, request.headers.get("accept") ?? "");
    return this.#dress(response, id, plain ? run : undefined);
  }

  /** The upstream's header fields, and the id of the run. Other origins are the application's affair. */
  #dress(response: Response, id: string, plain: KnownRun | undefined): Response {
    const { headers } = response;
    if (this.#settings.cors === undefined)
      for (const name of [...headers.keys()]) if (name.startsWith("access-control-")) headers.delete(name);
    headers.set("Tidemark-Run", id);
    if (plain === undefined || !headers.get("content-type")?.startsWith("text/event-stream")) return response;
    headers.delete("Tidemark");
    for (const [name, value] of Object.entries(plain.head?.headers ?? {})) headers.set(name, value);
    return response;
  }

  /** Called by the server for each request and each heartbeat. */
  async #judge({ request, channel }: Visit<Request>): Promise<string | undefined> {
    const admitted = this.#admitted.get(request);
    this.#admitted.delete(request);
    if (admitted !== undefined) return admitted;
    const run = this.#names.idOf(channel);
    const principal = await this.admit({ request, action: "resume", run });
    await this.find(run, principal);
    return principal;
  }

  /** A run of this process that nothing produces: its start has failed. */
  async #endOrphan(id: string): Promise<void> {
    try {
      const draft = endDraft("lost", "The run could not be started");
      await this.#settings.log.append(this.#names.run(id), [draft], { close: true });
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === "closed")) this.#settings.onError(error);
    }
  }
}

function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    call();
  };
}
