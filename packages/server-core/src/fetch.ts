// For frameworks that answer a web `Request` with a `Response`.
export {
  answerFetch,
  type FetchHandler,
  type FetchOptions,
  type FetchTarget,
  fetchHandler,
} from "./fetch/fetch-handler.ts";
