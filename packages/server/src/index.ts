export { type ListenOptions, listen, type RunningServer } from "./listen.ts";
export { mechanismsOf, type TidemarkOptions, tidemark } from "./tidemark.ts";
