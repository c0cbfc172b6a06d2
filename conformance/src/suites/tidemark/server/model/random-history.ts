import type { Random } from "../../../../engine/run/context.ts";
import { Dice } from "./dice.ts";
import { drawIdiom, drawPatient, drawRestart } from "./idioms/all.ts";
import type { Offers } from "./offers.ts";
import { drawStep } from "./random-steps.ts";
import type { History, HistoryStep } from "./steps.ts";
import { drawSwarm } from "./swarm.ts";

/** How many messages and characters a history publishes at most, so that it stays short and retention stays away. */
const MOST = { messages: 1_500, characters: 3_000_000 };

/** A history of idioms only has few of them: most begin on a channel that nothing has happened to. */
const IDIOM_STEPS = 12;

/** What a history is about: anything, what takes long, or a restart. */
export type Theme = "any" | "patient" | "restart";

/** Every so many histories, one has no idiom at its beginning. */
const FREE = 4;

/** What a history is drawn from. */
export interface Draw {
  readonly offers: Offers;
  /** How many steps it has, roughly. */
  readonly steps: number;
  readonly theme: Theme;
  /** Its number in the run: the first histories begin with different idioms. */
  readonly number: number;
}

/** Draw a history. */
export function drawHistory(random: Random, { offers, steps, theme, number }: Draw): History {
  const dice = new Dice(random);
  const swarm = drawSwarm(dice, offers);
  if (theme === "patient") return bounded(drawPatient(dice, swarm, number), offers);
  const isFree = number % FREE === 0;
  const lead = isFree ? [] : drawIdiom(dice, swarm, number - Math.floor(number / FREE));
  const history: HistoryStep[] = theme === "restart" ? [...drawRestart(dice, swarm)] : [...lead];
  const idioms = dice.pick([0, 0.2, 0.5, 1, 1, 1]);
  const most = idioms === 1 ? Math.min(steps, IDIOM_STEPS) : steps;
  while (history.length < most) {
    if (dice.chance(idioms)) history.push(...drawIdiom(dice, swarm));
    else history.push(drawStep(dice, swarm));
  }
  return bounded(history, offers);
}

/** Leave out what would make the channel too large. */
function bounded(history: readonly HistoryStep[], { retains }: Offers): History {
  const most = retains === undefined ? MOST.messages : Math.min(MOST.messages, 2 * retains);
  let messages = 0;
  let characters = 0;
  return history.filter((step) => {
    if (step.do !== "publish") return true;
    const size = step.count * (step.size + 100);
    const fits = messages + step.count <= most && characters + size <= MOST.characters;
    if (fits) {
      messages += step.count;
      characters += size;
    }
    return fits;
  });
}
