// For Koa. The only entry that needs it.
export {
  koaMiddleware,
  type ServedRequest,
  type ServeOptions,
  type ServerMiddleware,
  serve,
} from "./koa/serve.ts";
