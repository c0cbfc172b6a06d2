import { draft, publishBody } from "../../../../../engine/drive/driver.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import { refused } from "../../../read/problem.ts";
import { carriedOut } from "../../../read/served.ts";
import type { TestContext } from "../../context/context.ts";

/** The control of every refusal: a valid body is accepted. */
export async function takesGoodBody(t: TestContext, channel: Channel): Promise<void> {
  t.control(carriedOut("the answer to a valid body", await t.post(channel, publishBody([draft("good")]))));
}

/** Each of these bodies is refused with `invalid-body`. */
export async function refusesEach(
  t: TestContext,
  requirement: string,
  bodies: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const channel = t.channel();
  await takesGoodBody(t, channel);
  for (const [name, body] of Object.entries(bodies))
    t.check(requirement, refused(`the answer to ${name}`, await t.post(channel, body), "invalid-body"));
}
