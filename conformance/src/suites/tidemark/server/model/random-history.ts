import type { Random } from "../../../../engine/run/context.ts";
import { Dice } from "./dice.ts";
import { drawIdiom, drawRestart } from "./idioms.ts";
import type { Offers } from "./offers.ts";
import { drawStep, drawSwarm } from "./random-steps.ts";
import type { History, HistoryStep } from "./steps.ts";

/** How many messages and characters a history publishes at most, so that it stays short and retention stays away. */
const MOST = { messages: 700, characters: 3_000_000 };

/** Draw a history of about `steps` steps. */
export function drawHistory(random: Random, offers: Offers, steps: number): History {
  const dice = new Dice(random);
  const swarm = drawSwarm(dice, offers);
  const history: HistoryStep[] = [];
  const idioms = dice.pick([0, 0.1, 0.3, 1]);
  if (offers.restart) history.push(...drawRestart(dice, swarm));
  while (history.length < steps) {
    if (dice.chance(idioms)) history.push(...drawIdiom(dice, swarm));
    else history.push(drawStep(dice, swarm));
  }
  return bounded(history);
}

/** Leave out what would make the channel too large. */
function bounded(history: readonly HistoryStep[]): History {
  let messages = 0;
  let characters = 0;
  let rests = 0;
  return history.filter((step) => {
    if (step.do === "settle" && step.restMs !== undefined) {
      rests += 1;
      return rests === 1; // each takes as long as a heartbeat
    }
    if (step.do !== "publish") return true;
    messages += step.count;
    characters += step.count * (step.size + 100);
    const fits = messages <= MOST.messages && characters <= MOST.characters;
    if (!fits) {
      messages -= step.count;
      characters -= step.count * (step.size + 100);
    }
    return fits;
  });
}
