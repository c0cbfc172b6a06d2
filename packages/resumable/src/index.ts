export type { ResumableOptions, RunAccess } from "./options.ts";
export type { BrokenBlock } from "./reading/plain-form.ts";
export { type Produce, type Runs, resumable, type Start, type StartOptions } from "./resumable.ts";
export type { RunEnd } from "./runs/records.ts";
export type { Upstream } from "./runs/upstream.ts";
