export { mechanismsOf } from "@tidemark/server-fetch/mechanisms";
export { type ListenOptions, listen, type RunningServer } from "./listen.ts";
export { type TidemarkOptions, tidemark } from "./tidemark.ts";
