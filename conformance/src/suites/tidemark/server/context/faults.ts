import type { Denial, DropHow } from "../../../../engine/drive/control.ts";
import { claim, same } from "../../../../engine/model/claim.ts";
import { Undecided } from "../../../../engine/run/checks.ts";
import { ANSWER_LIMIT_MS } from "../../../../engine/run/http-context.ts";
import { type Channel, withQuery } from "../../../../engine/wire/channel.ts";
import type { TestContext } from "./context.ts";
import { readOn } from "./log.ts";

/** Drop all but the newest messages, as retention does. Inconclusive if a different number is left. */
export async function trim(t: TestContext, channel: Channel, keep: number): Promise<void> {
  await t.provoke((control, context) => control.trim?.(channel, keep, context));
  if (!t.target.mechanisms.includes("poll")) return;
  const messages = await readOn(t, channel, "poll", "start", (read) => read.length > keep);
  t.control(same("messages left in the channel after trim", messages.length, keep));
}

/** End the channel's connections. */
export async function drop(t: TestContext, channel: Channel, how: DropHow): Promise<void> {
  await t.provoke((control, context) => control.drop?.(channel, how, context));
}

/**
 * Make the server refuse the channel's requests. A control interface that cannot is that of a server without such a limit,
 * or without authorization: then the test does not apply.
 */
export async function deny(t: TestContext, channel: Channel, denial: Denial): Promise<void> {
  try {
    await t.provoke((control, context) => control.deny?.(channel, denial, context));
  } catch (error) {
    if (!(error instanceof Undecided) || error.code !== "NEEDS_PROVOKE") throw error;
    const what = denial === "overload" ? "limit on streams" : "authorization that can end";
    t.notApplicable(`the control interface offers no ${denial}: the target has no ${what}`);
  }
}

/** How long a server may take to answer again after a restart. */
const RESTART_LIMIT_MS = 30_000;

/** Restart the server; resolves once it answers. */
export async function restart(t: TestContext, channel: Channel): Promise<void> {
  await t.provoke((control, context) => control.restart?.(context));
  const deadline = performance.now() + RESTART_LIMIT_MS;
  let answered = false;
  while (!answered && performance.now() < deadline) {
    const look = t.send({ url: withQuery(channel.url, { after: "end" }) });
    await t.until(look, () => false, ANSWER_LIMIT_MS);
    answered = look.status !== undefined && look.status < 500;
  }
  t.need(claim(answered, "the server after the restart", "an answer", "no answer"));
}
