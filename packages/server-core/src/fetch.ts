// For frameworks that answer a web `Request` with a `Response`.
export { type FetchHandler, type FetchOptions, fetchHandler } from "./fetch/fetch-handler.ts";
