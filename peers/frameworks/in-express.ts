import type { RequestListener } from "node:http";
import type { ServerMiddleware } from "@tidemark/server-core/koa";

/** Express, with these handlers in front of the channels. */
export function inExpress(
  express: Express,
  ...handlers: NodeHandler[]
): (channels: ServerMiddleware) => RequestListener {
  return (channels) => {
    const app = express();
    for (const handler of handlers) app.use(handler);
    app.use((req, res, next) => channels.handle(req, res) || next());
    return app as unknown as RequestListener; // Express answers what no handler does
  };
}
