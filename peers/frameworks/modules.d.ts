// biome-ignore-all lint/style/noDefaultExport: the frameworks have one
// The parts of the frameworks' types that the tests and programs in `peers` use.
type NodeHandler = (
  req: import("node:http").IncomingMessage & Record<string, unknown>,
  res: import("node:http").ServerResponse,
  next: (error?: unknown) => void,
) => void;

interface ExpressApplication {
  (
    req: import("node:http").IncomingMessage,
    res: import("node:http").ServerResponse,
    next?: (error?: unknown) => void,
  ): void;
  use(handler: NodeHandler): ExpressApplication;
  use(path: string, handler: NodeHandler): ExpressApplication;
  get(path: string, handler: NodeHandler): ExpressApplication;
}

interface Express {
  (): ExpressApplication;
  json(options?: object): NodeHandler;
  raw(options?: object): NodeHandler;
  text(options?: object): NodeHandler;
  urlencoded(options?: object): NodeHandler;
}

declare module "express-4" {
  const express: Express;
  export default express;
}

declare module "express-5" {
  const express: Express;
  export default express;
}

declare module "compression" {
  const compression: (options?: object) => NodeHandler;
  export default compression;
}

declare module "compression-1.7" {
  const compression: (options?: object) => NodeHandler;
  export default compression;
}

declare module "express-session" {
  const session: (options: object) => NodeHandler;
  export default session;
}

declare module "koa-bodyparser" {
  const bodyParser: (options?: object) => import("koa").Middleware;
  export default bodyParser;
}
