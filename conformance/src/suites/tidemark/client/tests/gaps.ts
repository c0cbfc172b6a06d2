import { claim, same } from "../../../../engine/model/claim.ts";
import { gapProblem, page, stream } from "../answers.ts";
import { closedBlock, messageBlocks, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { closing, controlRetry, eachWay, handedOn, meet, part, received, untilOver } from "./following.ts";

const REASONS = ["retention", "epoch", "ahead", "unknown", "solar-flare"];

/** What a client does after a gap. */
export const gapTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/tells-every-gap`,
    title: "The client reports a 410 as a gap, whatever its reason, and does not resume by itself",
    requirements: ["CLI-GAP-1", "CLI-GAP-2", "CORE-GAP-8"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const runs = REASONS.map((reason) => ({
        reason,
        faulty: meet(t, way, gapProblem(gap(reason, "M-2")), 9),
      }));
      for (const { faulty } of runs)
        await t.until(
          () =>
            faulty.channel.requests.length >= 2 &&
            (faulty.reading.gaps.length > 0 || faulty.reading.hasEnded),
        );
      for (const { faulty } of runs) t.control(handedOn(faulty.reading, faulty.messages.slice(0, 2)));
      await t.watch(Math.max(400, 3 * retryMs));
      for (const { reason, faulty } of runs) {
        const { channel, reading } = faulty;
        t.check(
          "CLI-GAP-1",
          same(`gaps reported after 410 ${reason}`, reading.gaps.length, 1),
          channel.requests[1],
        );
        t.check(
          "CLI-GAP-2",
          same(`requests up to and including 410 ${reason}`, channel.requests.length, 2),
          channel.requests[1],
        );
      }
      const outcomes = new Set(
        runs.map(
          ({ faulty: { reading, channel } }) =>
            `${reading.ending}, ${reading.gaps.length} gaps, ${channel.requests.length} requests`,
        ),
      );
      t.check(
        "CORE-GAP-8",
        same("different outcomes of the same gap with different reasons", outcomes.size, 1),
      );
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/goes-on-after-a-gap-where-it-was-told`,
    title:
      "If the application said so beforehand, the client resumes after a gap, and reports a gap in band too",
    requirements: ["CLI-GAP-1", "CLI-GAP-2", "CORE-GAP-8"],
    needs: [way, "gap-choice"],
    async run(t) {
      const messages = numbered(2, "G", 2);
      const told = gap("retention", "M-2");
      const runs = REASONS.map((reason) => {
        let served = 0;
        const channel = t.channel({
          script: ({ query, position }, number) => {
            if (number === 1) return part(way, numbered(2));
            const inBand = query.get("gap") === "start";
            const isKnown = position === "G-1" || position === "start";
            if (!inBand && isKnown) return closing(way, messages, "G-1");
            if (position === "G-3") return closing(way, [], "G-3"); // a client that misses the end asks again
            served += 1;
            if (!inBand) return gapProblem(gap(reason, position ?? ""));
            return way === "sse"
              ? stream(
                  openBlock("G-1", { more: { gap: told } }) + messageBlocks(messages) + closedBlock("G-3"),
                )
              : page({ messages, cursor: "G-3", closed: true, gap: told });
          },
        });
        return { channel, reading: t.open(channel, way, { gap: "start" }), served: () => served };
      });
      for (const { channel, reading, served } of runs) {
        await untilOver(t, reading);
        t.need(claim(served() > 0, "gaps served", "at least one", served()));
        t.check("CLI-GAP-1", same("gaps reported", reading.gaps.length, served()), channel.requests.at(-1));
        received(t, "CLI-GAP-2", reading, [...numbered(2), ...messages], channel.requests.at(-1));
      }
      const outcomes = new Set(runs.map(({ reading }) => `${reading.gaps.length} gaps, ${reading.ending}`));
      t.check(
        "CORE-GAP-8",
        same("different outcomes of the same gap with different reasons", outcomes.size, 1),
      );
    },
  })),
];

function gap(reason: string, requested: string): object {
  return { reason, requested, start: "G-1", end: "G-9" };
}
