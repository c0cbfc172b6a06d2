import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { type ServerNode, startNode } from "../../../testing/servers/server-node.ts";
import { type Reader, STEPS, type Step } from "./readers.ts";

const MESSAGES = 90;
const WRITERS = 3;

/** Three server processes on one log. */
export class ManyNodes {
  readonly #log: string;
  readonly #nodes: ServerNode[];

  private constructor(log: string, nodes: ServerNode[]) {
    this.#log = log;
    this.#nodes = nodes;
  }

  /** Start the processes. `log` is an argument of `tidemark serve --log`. */
  static async start(log: string): Promise<ManyNodes> {
    return new ManyNodes(log, await Promise.all([1, 2, 3].map(() => startOn(log))));
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes) await node.kill();
  }

  /** The tests, by title. Together they take a few seconds. */
  get tests(): Readonly<Record<string, () => Promise<void>>> {
    return {
      "publish to any node, read from any node, with each mechanism and with all in turn": () =>
        this.#holds("any", async () => undefined),
      "of several nodes' appends after the same end, one is stored": () => this.#race(),
      "a waiting reader at one node learns what another stores, closes or removes": () => this.#held(),
      "nodes are killed and one comes back, and no message is lost or duplicated": () =>
        this.#holds("killed", () => this.#killTwo()),
    };
  }

  /** The URL of the channel at node number `turn`, modulo the number of nodes. */
  #urlOf(channel: string, turn: number): string {
    const node = this.#nodes[turn % this.#nodes.length];
    assert.ok(node);
    return node.url(channel);
  }

  /** Publish with the same key at one node after another until it is acknowledged. */
  async #publish(channel: string, data: string, turn: number): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const body = { messages: [{ data }] };
      const response = await post(this.#urlOf(channel, turn + attempt), body, data).catch(() => undefined);
      if (response?.status === 200) return;
      if (response !== undefined) assert.is(response.status, 503);
      await sleep(10);
    }
  }

  async #write(channel: string, name: number): Promise<void> {
    for (let count = 0; count < MESSAGES / WRITERS; count++)
      await this.#publish(channel, `${name}/${count}`, name + count);
  }

  /** Read at one node after another, with one mechanism after another, until every message has arrived. */
  async #readAll(channel: string, from: string, steps: readonly Step[]): Promise<string[]> {
    const reader: Reader = { after: from, seen: [] };
    for (let turn = 0; reader.seen.length < MESSAGES; turn++) {
      const step = steps[turn % steps.length];
      // If a node is down or goes down, the next one continues from the cursor.
      await step?.(this.#urlOf(channel, turn), reader).catch(assertNodeDown);
    }
    return reader.seen;
  }

  /**
   * Publish to all nodes and read from all while `meanwhile` runs. All readers see the same messages, once
   * each.
   */
  async #holds(channel: string, meanwhile: () => Promise<void>): Promise<void> {
    const page = (await (await fetch(this.#urlOf(channel, 0))).json()) as { cursor: string };
    const mechanisms = [...Object.values(STEPS).map((step) => [step]), Object.values(STEPS)];
    const reading = mechanisms.map((steps) => this.#readAll(channel, page.cursor, steps));
    const writing = Array.from({ length: WRITERS }, (_, name) => this.#write(channel, name));
    await meanwhile();
    await Promise.all(writing);
    const [first = [], ...others] = await Promise.all(reading);
    assert.is(new Set(first).size, MESSAGES, "every message, once each");
    for (const seen of others) assert.equal(seen, first, "all readers see the same order");
  }

  async #race(): Promise<void> {
    const { cursor } = (await (await fetch(this.#urlOf("race", 0))).json()) as { cursor: string };
    const attempts = Array.from({ length: 9 }, (_, turn) =>
      post(this.#urlOf("race", turn), { messages: [{ data: turn }], after: cursor }),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status).sort();
    assert.equal(statuses, [200, ...Array(8).fill(409)]);
  }

  async #held(): Promise<void> {
    const { cursor } = (await (await fetch(this.#urlOf("held", 0))).json()) as { cursor: string };
    const held = fetch(`${this.#urlOf("held", 1)}?wait=30&after=${cursor}`);
    await post(this.#urlOf("held", 0), { messages: [{ data: 1 }], close: true });
    const page = (await (await held).json()) as { cursor: string; closed: boolean };
    assert.is(page.closed, true);
    const removed = await fetch(this.#urlOf("held", 2), { method: "DELETE" });
    assert.is(removed.status, 204);
    assert.is((await fetch(`${this.#urlOf("held", 1)}?after=${page.cursor}`)).status, 410);
  }

  async #killTwo(): Promise<void> {
    await Promise.all([0, 1].map((index) => this.#nodes[index]?.kill()));
    this.#nodes[0] = await startOn(this.#log);
  }
}

function startOn(log: string): Promise<ServerNode> {
  return startNode("--log", log, "--heartbeat", "1");
}

function post(url: string, body: unknown, key?: string): Promise<Response> {
  const headers = { "Content-Type": "application/json", ...(key && { "Idempotency-Key": `"${key}"` }) };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

function assertNodeDown(error: unknown): void {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  if (!/^(ECONN|UND_ERR)/.test(code ?? cause?.code ?? "")) throw error;
}
