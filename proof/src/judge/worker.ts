import { inspect } from "node:util";
import { type Job, run } from "./job.ts";

process.once("disconnect", () => process.exit());

process.on("message", async ({ number, job }: { number: number; job: Job }) => {
  try {
    process.send?.({ number, reply: { ok: true, result: await run(job) } });
  } catch (error) {
    process.send?.({ number, reply: { ok: false, error: `${job.id}: ${inspect(error)}` } });
  }
});
