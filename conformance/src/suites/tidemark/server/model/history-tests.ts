import { Undecided } from "../../../../engine/run/checks.ts";
import { channelAt } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { TestContext } from "../context/context.ts";
import type { TestDefinition } from "../definition.ts";
import { Campaign, type CampaignOptions, type Finding, isAboutWaits } from "./campaign.ts";
import { offersOf } from "./offers.ts";
import { BLAMABLE, EXERCISED } from "./requirements.ts";
import { told } from "./told.ts";

/** How one test plays histories. */
interface Plan {
  readonly share: number;
  readonly steps: number;
  readonly jobs: number;
  readonly limitMs: number;
  readonly mayRestart: boolean;
}

/** How many histories are played by default. */
export const HISTORIES = 50;

/** Play histories, and check what they show. */
async function playHistories(t: TestContext, plan: Plan): Promise<void> {
  const { histories = HISTORIES } = t.target;
  if (histories === 0) t.notApplicable("no histories were asked for");
  for (const id of BLAMABLE) if (!EXERCISED.includes(id)) t.occasional.add(id);
  const more = Math.max(1, histories / HISTORIES);
  const options: CampaignOptions = {
    tools: { target: t.target, ...t.campaignTools },
    random: t.random,
    offers: offersOf(t.target, plan.mayRestart),
    name: t.channel().name,
    histories: Math.max(1, Math.round(histories * plan.share)),
    steps: plan.steps,
    jobs: plan.jobs,
    limitMs: plan.limitMs * more,
  };
  const campaign = new Campaign(options);
  const { passed, undecided, findings } = await campaign.run();
  t.note(
    `${passed} histories passed, ${undecided.length} could not be judged, ${findings.length} different failures`,
  );
  const certain = findings.filter(({ again: [failed, of] }) => failed === of);
  for (const finding of certain) await show(t, campaign, finding);
  const passing = {
    ok: true,
    what: "the answers in random histories",
    expected: "each allowed",
    actual: `all allowed in ${passed} histories`,
  };
  if (certain.length > 0) {
    for (const id of EXERCISED) t.occasional.add(id);
    return;
  }
  const unstable = findings[0];
  if (unstable)
    throw new Undecided(
      "CONTROL_FAILED",
      `a history failed, but not each time: ${unstable.fault.requirement}, ${unstable.fault.what}: expected ${unstable.fault.expected}, got ${unstable.fault.actual}; ${told(unstable.history)}`,
    );
  if (passed === 0)
    throw new Undecided(
      "PRECONDITION_FAILED",
      `no history could be judged: ${undecided[0] ?? "no time was left"}`,
    );
  for (const requirement of EXERCISED) t.check(requirement, passing);
}

/** Play the history once more, recorded, so that the report has its requests. */
async function show(
  t: TestContext,
  campaign: Campaign,
  { history, fault, from, number }: Finding,
): Promise<void> {
  const exchanges: Exchange[] = [];
  const played = await campaign.play(history, 4_000, isAboutWaits(fault), { exchanges });
  const blamed = played.kind === "failed" ? played.exchange : undefined;
  const last = blamed ?? exchanges.at(-1);
  t.exchanges.push(...exchanges);
  for (const name of namesOf(exchanges)) t.channels.push(channelAt(t.target.template, name));
  const seen =
    played.kind === "failed"
      ? { ...fault, actual: played.fault.actual, expected: played.fault.expected }
      : fault;
  const either = fault.or === undefined ? "" : ` (either ${fault.requirement} or ${fault.or})`;
  t.check(
    fault.requirement,
    { ok: false, what: `${fault.what}${either}`, expected: seen.expected, actual: seen.actual },
    last,
  );
  t.note(
    `${fault.requirement}: history ${number + 1} of ${from} steps was shrunk to ${history.length}: ${told(history)}`,
  );
}

/** The channels' names in the paths of requests. */
function namesOf(exchanges: readonly Exchange[]): string[] {
  const names = exchanges.map(({ request }) => /[^/?]*-h\d+-*[aA](?=$|[/?])/.exec(request.target)?.[0]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Random histories: a model of the protocol knows which answers are allowed at each step. */
export const historyTests: readonly TestDefinition[] = [
  {
    id: "server/histories/side-by-side",
    title: "In random histories on several channels, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels"],
    waitsMs: 20_000,
    run: (t) => playHistories(t, { share: 1, steps: 60, jobs: 5, limitMs: 8_000, mayRestart: false }),
  },
  {
    id: "server/histories/alone",
    title:
      "In random histories with nothing else going on, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels"],
    exclusive: true,
    run: (t) => playHistories(t, { share: 0.4, steps: 20, jobs: 1, limitMs: 2_500, mayRestart: false }),
  },
  {
    id: "server/histories/restart",
    title: "In random histories with a restart, the server gives only answers that the model allows",
    requirements: BLAMABLE,
    needs: ["poll", "publishing", "channels", "provoke"],
    exclusive: true,
    run: (t) => playHistories(t, { share: 0.2, steps: 25, jobs: 1, limitMs: 2_500, mayRestart: true }),
  },
];
