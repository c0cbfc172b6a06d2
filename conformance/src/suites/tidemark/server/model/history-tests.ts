import { Undecided } from "../../../../engine/run/checks.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { TestContext } from "../context/context.ts";
import type { TestDefinition } from "../definition.ts";
import type { Target } from "../target.ts";
import { Campaign, type CampaignOptions, type CampaignResult, type Finding } from "./campaign.ts";
import { offersOf, type Patience } from "./offers.ts";
import { type Probed, probe } from "./probe.ts";
import type { Theme } from "./random-history.ts";
import { BLAMABLE, EXERCISED } from "./requirements.ts";
import type { Tally } from "./tally.ts";
import { told } from "./told.ts";

/** How one test plays histories. */
interface Plan {
  readonly theme: Theme;
  /** The share of the histories of a run that this test plays. */
  readonly share: number;
  readonly steps: number;
  readonly jobs: number;
  readonly limitMs: number;
  readonly sitsOutS: number;
}

/** How many histories are played by default. */
export const HISTORIES = 200;

/** The longest heartbeat and the longest life of a key that a history waits for. */
const PATIENCE: Patience = { heartbeatS: 16, keyTtlS: 12 };
const THOROUGH_PATIENCE: Patience = { heartbeatS: 60, keyTtlS: 60 };

/** A thorough run plays so many times as many histories, in as much more time. */
const THOROUGH = 4;

const probed = new WeakMap<Target, Promise<Probed>>();

/** What is known of the target before histories are played: the first test of a run finds out. */
function probeOnce(target: Target, name: string): Promise<Probed> {
  const known = probed.get(target) ?? probe(target, name);
  probed.set(target, known);
  return known;
}

/** Play histories, and check what they show. */
async function playHistories(t: TestContext, plan: Plan): Promise<void> {
  const { thorough = false } = t.target;
  const { histories = thorough ? THOROUGH * HISTORIES : HISTORIES } = t.target;
  if (histories === 0) t.notApplicable("no histories were asked for");
  for (const id of BLAMABLE) t.occasional.add(id);
  const { name } = t.channel();
  const { names, retains } = await probeOnce(t.target, name);
  const more = Math.max(1, histories / HISTORIES);
  const options: CampaignOptions = {
    ...plan,
    tools: { target: t.target, ...t.campaignTools },
    random: t.random,
    offers: offersOf(t.target, thorough ? THOROUGH_PATIENCE : PATIENCE, retains),
    name,
    names,
    histories: Math.max(1, Math.round(histories * plan.share)),
    limitMs: plan.limitMs * more,
  };
  if (plan.theme === "restart" && !options.offers.restart)
    t.notApplicable("the target's control interface does not offer a restart");
  const campaign = new Campaign(options);
  const result = await campaign.run();
  t.note(summaryOf(result, campaign.tally));
  await judge(t, campaign, result);
}

/** What was really played. */
function summaryOf(
  { passed, cut, left, stopped, undecided, findings }: CampaignResult,
  tally: Tally,
): string {
  const parts = [`${passed} histories passed`];
  if (cut > 0) parts.push(`${cut} were right until they were cut (no time)`);
  if (undecided.length > 0) parts.push(`${undecided.length} could not be judged`);
  if (findings.length > 0) parts.push(`${findings.length} different failures`);
  if (left > 0) parts.push(`${left} were not played (${stopped})`);
  return `${parts.join(", ")}; right answers: ${tally}`;
}

async function judge(t: TestContext, campaign: Campaign, result: CampaignResult): Promise<void> {
  const { passed, cut, undecided, findings } = result;
  const certain = findings.filter(({ again: [failed, of] }) => failed === of);
  for (const finding of certain) await show(t, campaign, finding);
  if (certain.length > 0) return;
  const unstable = findings[0];
  if (unstable) {
    t.occasional.delete(unstable.fault.requirement);
    throw new Undecided(
      "CONTROL_FAILED",
      `a history failed, but not each time: ${unstable.fault.requirement}, ${unstable.fault.what}: expected ${unstable.fault.expected}, got ${unstable.fault.actual}; ${told(unstable.history)}`,
    );
  }
  if (passed + cut === 0) {
    for (const id of EXERCISED) t.occasional.delete(id);
    throw new Undecided(
      "PRECONDITION_FAILED",
      `no history could be judged: ${undecided[0] ?? "no time was left"}`,
    );
  }
  for (const requirement of campaign.tally.shown.filter((id) => EXERCISED.includes(id)))
    t.check(requirement, {
      ok: true,
      what: "the answers in random histories",
      expected: "each allowed",
      actual: `all ${campaign.tally.answersTo(requirement)} allowed, in ${passed + cut} histories`,
    });
}

/** Play the history once more, recorded, so that the report has its requests. */
async function show(
  t: TestContext,
  campaign: Campaign,
  { history, fault, from, number, names }: Finding,
): Promise<void> {
  const exchanges: Exchange[] = [];
  const channels = campaign.channels(names);
  const sitsOutS = campaign.sitsOutFor(fault);
  const played = await campaign.play(history, { limitMs: 4_000, sitsOutS, exchanges, channels });
  const blamed = played.kind === "failed" ? played.exchange : undefined;
  t.exchanges.push(...exchanges);
  t.channels.push(...channels);
  const seen = played.kind === "failed" ? played.fault : fault;
  const either = fault.or === undefined ? "" : ` (either ${fault.requirement} or ${fault.or})`;
  t.check(
    fault.requirement,
    { ok: false, what: `${fault.what}${either}`, expected: seen.expected, actual: seen.actual },
    blamed ?? exchanges.at(-1),
  );
  t.note(
    `${fault.requirement}: history ${number + 1} of ${from} steps was shrunk to ${history.length}: ${told(history)}`,
  );
}

/** Random histories: a model of the protocol knows which answers are allowed at each step. */
export const historyTests: readonly TestDefinition[] = [
  {
    id: "server/histories/side-by-side",
    title: "In random histories on several channels, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels"],
    waitsMs: 60_000,
    run: (t) =>
      playHistories(t, { theme: "any", share: 1, steps: 60, jobs: 8, limitMs: 30_000, sitsOutS: 2 }),
  },
  {
    id: "server/histories/patient",
    title:
      "In random histories that sit out waits and heartbeats, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels"],
    waitsMs: 70_000,
    run: (t) =>
      playHistories(t, { theme: "patient", share: 0.04, steps: 20, jobs: 8, limitMs: 40_000, sitsOutS: 8 }),
  },
  {
    id: "server/histories/alone",
    title:
      "In random histories with nothing else going on, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels"],
    exclusive: true,
    run: (t) =>
      playHistories(t, { theme: "any", share: 0.3, steps: 20, jobs: 1, limitMs: 8_000, sitsOutS: 0 }),
  },
  {
    id: "server/histories/restart",
    title: "In random histories with a restart, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels", "provoke"],
    exclusive: true,
    run: (t) =>
      playHistories(t, { theme: "restart", share: 0.1, steps: 25, jobs: 1, limitMs: 8_000, sitsOutS: 0 }),
  },
];
