import type { DevTools } from "./devtools.ts";

/** A bound on liveness, in milliseconds; no test measures time. */
const LIMIT_MS = 60_000;

/** How often a condition is looked at, in milliseconds. */
const LOOK_MS = 20;

/** Wait until a condition holds, for a minute at most. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > LIMIT_MS) throw new Error(`not in ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** A page of Chromium. */
export class Tab {
  readonly #devTools: DevTools;
  readonly #targetId: string;
  readonly #sessionId: string;

  private constructor(devTools: DevTools, targetId: string, sessionId: string) {
    this.#devTools = devTools;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
  }

  /** Open a page, and wait until its script has run; `context` is a browser context, by default the first. */
  static async open(devTools: DevTools, url: string, context?: string): Promise<Tab> {
    const where = context === undefined ? {} : { browserContextId: context };
    const { targetId } = await devTools.send<{ targetId: string }>("Target.createTarget", { url, ...where });
    const attach = { targetId, flatten: true };
    const { sessionId } = await devTools.send<{ sessionId: string }>("Target.attachToTarget", attach);
    const tab = new Tab(devTools, targetId, sessionId);
    await until("the script has run", () => tab.evaluate<boolean>("globalThis.seen !== undefined"));
    return tab;
  }

  /** Send a command about this page. */
  send<T>(method: string, params: object = {}): Promise<T> {
    return this.#devTools.send<T>(method, params, this.#sessionId);
  }

  async evaluate<T>(expression: string): Promise<T> {
    const params = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.send<{
      result: { value: T };
      exceptionDetails?: { exception?: { description?: string } };
    }>("Runtime.evaluate", params);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "the page threw");
    return result.value;
  }

  /** Freeze the page, as Chromium does with pages in the background. */
  async freeze(): Promise<void> {
    await this.send("Page.setWebLifecycleState", { state: "frozen" });
  }

  async resume(): Promise<void> {
    await this.send("Page.setWebLifecycleState", { state: "active" });
  }

  /** Kill the process of the page, as an operating system without memory does. */
  crash(): void {
    this.#devTools.post("Page.crash", {}, this.#sessionId);
  }

  async close(): Promise<void> {
    await this.#devTools.send("Target.closeTarget", { targetId: this.#targetId });
  }
}
