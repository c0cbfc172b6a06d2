import { type Answer, type Serving, serve } from "../../../testing/servers/serve.ts";
import type { Order, Told } from "./lines.ts";

/** Runs the servers of tests in another runtime: carries out their orders, and passes requests on to them. */
export class OriginHost {
  readonly #tell: (told: Told) => void;
  readonly #servers = new Map<number, Serving>();
  readonly #answers: Answer[] = [];

  constructor(tell: (told: Told) => void) {
    this.#tell = tell;
  }

  async take(order: Exclude<Order, { type: "report" }>): Promise<void> {
    if ("server" in order)
      await (order.type === "serve" ? this.#serve(order.server) : this.#close(order.server));
    else this.#answer(order);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  async #close(server: number): Promise<void> {
    await this.#servers.get(server)?.close();
    this.#tell({ type: "closed", server });
  }

  #answer(order: Extract<Order, { id: number }>): void {
    const { id, type } = order;
    const answer = this.#answers[id];
    if (type === "head") answer?.writeHead(order.status, order.headers);
    else if (type === "write") {
      const { write, data } = order;
      answer?.write(Buffer.from(data, "base64"), () => this.#tell({ type: "written", id, write }));
    } else if (type === "flush") answer?.flushHeaders();
    else if (type === "end") answer?.end();
    else answer?.destroy();
  }

  async #serve(server: number): Promise<void> {
    const serving = await serve(({ gone, ...request }, answer) => {
      const id = this.#answers.push(answer) - 1;
      void gone.then(() => this.#tell({ type: "gone", id }));
      this.#tell({ type: "request", server, id, ...request });
    });
    this.#servers.set(server, serving);
    this.#tell({ type: "serving", server, port: serving.port });
  }
}
