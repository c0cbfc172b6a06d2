// biome-ignore-all lint/style/noDefaultExport: the packages have one
// The parts of packages without types that the programs use.
declare module "express-sse" {
  class SSE {
    readonly init: (req: unknown, res: unknown) => void;
    send(content: unknown, event?: string, id?: string): void;
  }
  export default SSE;
}

declare module "sse-pubsub" {
  class SSEChannel {
    publish(data: string, event: string): number;
    subscribe(req: unknown, res: unknown): unknown;
  }
  export default SSEChannel;
}

declare module "koa-sse-stream" {
  import type { Middleware } from "koa";

  const sse: (options: object) => Middleware;
  export default sse;
}

declare module "express-pouchdb" {
  import type { RequestListener } from "node:http";

  const pouch: (database: unknown, options: object) => RequestListener;
  export default pouch;
}

declare module "pouchdb-adapter-memory" {
  const plugin: unknown;
  export default plugin;
}

declare module "pouchdb-node" {
  const PouchDB: { plugin(plugin: unknown): { defaults(options: object): unknown } };
  export default PouchDB;
}
