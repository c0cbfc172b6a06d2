import type { Behavior, Visit } from "./behavior.ts";
import type { Entry } from "./feed.ts";

/** Answers one request for a stream. */
export class Reader {
  readonly visit: Visit;
  readonly #behavior: Behavior;

  constructor(behavior: Behavior, visit: Omit<Visit, "send" | "write">) {
    this.#behavior = behavior;
    const send = (entry: Entry): void => this.#send(entry);
    this.visit = { ...visit, send, write: (text) => this.#write(text) };
  }

  open(): void {
    const { res, feed } = this.visit;
    const plan = this.#behavior.plan(this.visit);
    if ("status" in plan) {
      res.writeHead(plan.status, plan.status === 204 ? {} : { "Content-Type": "text/plain" });
      return void res.end(plan.text);
    }
    const { status, fields } = this.#behavior.head(this.visit);
    const location = feed.name === "stream" ? {} : { Location: `/stream/${feed.name}` };
    res.writeHead(status, { ...location, ...fields });
    if (this.#behavior.flushes) res.flushHeaders();
    const opening = this.#behavior.opening(this.visit);
    if (opening !== "") this.#write(opening);
    if (plan.notice) this.#send(plan.notice);
    for (const entry of plan.entries) this.#send(entry);
    if (feed.ended) this.#behavior.finish(this.visit);
    else {
      this.#behavior.join(this.visit, () => this.#follow());
      this.#beat();
    }
  }

  #follow(): void {
    const { res, feed } = this.visit;
    const stop = feed.follow({
      next: (entry) => {
        for (const one of this.#behavior.live(entry, this.visit)) this.#send(one);
      },
      end: () => this.#behavior.finish(this.visit),
    });
    res.once("close", stop);
  }

  #beat(): void {
    const { beatMs } = this.#behavior;
    if (beatMs === null) return;
    const timer = setInterval(() => this.#write(": beat\n\n"), beatMs);
    this.visit.res.once("close", () => clearInterval(timer));
  }

  #send(entry: Entry): void {
    this.#write(this.#behavior.frame(entry, this.visit));
  }

  #write(text: string): void {
    const { res } = this.visit;
    for (const bytes of this.#behavior.encode(text, this.visit))
      if (!res.writableEnded && !res.destroyed) res.write(bytes);
  }
}
