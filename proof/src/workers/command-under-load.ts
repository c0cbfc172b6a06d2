import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { get, request } from "node:http";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../packages/server/dist/main.js", import.meta.url));
/** How long the command may take to settle after the last kill: a worker's place stays empty for at most 10 s. */
const CALM_MS = 30_000;
/** Connections wait for a worker in order. A request hangs if this many later ones are answered before it. */
const OVERTAKEN = 100;
/** How often a request checks whether later ones were answered, in milliseconds. */
const LOOK_MS = 500;
const LANES = 12;

/** The outcomes of requests, and what the command lost or leaked. */
export interface Counts {
  answered: number;
  /** Requests that ended without an answer, such as those to a killed worker. */
  cut: number;
  /** Requests that were neither answered nor closed although later ones were answered. */
  hung: number;
  killed: number;
  /** How many more descriptors the first process had at the end than at the beginning. */
  leaked: number;
  /** Processes that outlived the command. */
  left: number;
  /** Acknowledged publishes that are not in the log. */
  lost: number;
}

type Ending = "SIGKILL one" | "SIGKILL all" | "SIGTERM one" | "stop, then SIGKILL" | "SIGKILL the newest";
const ENDINGS: readonly Ending[] = [
  "SIGKILL one",
  "SIGKILL all",
  "SIGTERM one",
  "stop, then SIGKILL",
  "SIGKILL the newest",
];

/** `tidemark serve --workers` on a free port, with clients that send requests while its workers are ended. */
export class CommandUnderLoad {
  readonly #child: ChildProcess;
  readonly #base: string;
  readonly #workers: number;
  readonly #counts: Counts = { answered: 0, cut: 0, hung: 0, killed: 0, leaked: 0, left: 0, lost: 0 };
  readonly #acknowledged: string[] = [];
  #runs = true;
  #calmUntil = Number.POSITIVE_INFINITY;
  #errors = "";

  private constructor(child: ChildProcess, base: string, workers: number) {
    this.#child = child;
    this.#base = base;
    this.#workers = workers;
    child.stderr?.setEncoding("utf8").on("data", (text) => (this.#errors += text));
  }

  static async start(workers: number): Promise<CommandUnderLoad> {
    const words = ["--port", "0", "--log", "memory", "--drain", "0", "--workers", String(workers)];
    const child = spawn(process.execPath, [MAIN, "serve", ...words], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    while (!output.includes("\n")) await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    const [, base = ""] = /^listening on (http:\S+)\{channel\}/.exec(output) ?? [];
    return new CommandUnderLoad(child, base, workers);
  }

  /** Send requests and end workers for `ms`; then stop the command while its workers are killed. */
  async run(ms: number): Promise<Counts> {
    const before = this.#descriptors();
    const lanes = Array.from({ length: LANES }, (_, i) => this.#ask(i));
    const end = performance.now() + ms;
    while (performance.now() < end) {
      await pause(100 + Math.random() * 1_900);
      await this.#endSome(ENDINGS[Math.floor(Math.random() * ENDINGS.length)] ?? "SIGKILL all");
    }
    this.#runs = false;
    this.#calmUntil = performance.now() + CALM_MS;
    await Promise.all(lanes);
    await this.#lookForLost();
    await settled(() => this.#pids().length === this.#workers && this.#descriptors() <= before);
    this.#counts.leaked = Math.max(0, this.#descriptors() - before);
    await this.#stop();
    return this.#counts;
  }

  async #endSome(how: Ending): Promise<void> {
    const pids = this.#pids();
    const any = pids[Math.floor(Math.random() * pids.length)];
    const chosen = how === "SIGKILL one" || how === "SIGTERM one" ? [any] : pids;
    if (how === "stop, then SIGKILL") {
      for (const pid of pids) signal(pid, "SIGSTOP");
      await pause(Math.random() * 300); // meanwhile connections are passed to the stopped workers
    }
    if (how === "SIGKILL the newest") signal(pids.at(-1), "SIGKILL");
    else for (const pid of chosen) signal(pid, how === "SIGTERM one" ? "SIGTERM" : "SIGKILL");
    this.#counts.killed += how === "SIGKILL the newest" ? 1 : chosen.length;
  }

  /** One client: publish, poll and open a stream in turn, each on a new connection. */
  async #ask(lane: number): Promise<void> {
    for (let turn = lane; this.#runs; turn += 1) {
      const data = `${lane}-${turn}`;
      const outcome =
        turn % 3 === 0
          ? await this.#exchange("POST", "a", data)
          : await this.#exchange("GET", turn % 3 === 1 ? "a?limit=1" : "a?after=end&stream=1");
      this.#counts[outcome] += 1;
      if (turn % 3 === 0 && outcome === "answered") this.#acknowledged.push(data);
      await pause(5);
    }
  }

  #exchange(method: string, path: string, data?: string): Promise<"answered" | "cut" | "hung"> {
    return new Promise((resolve) => {
      const headers = data === undefined ? {} : { "Content-Type": "application/json" };
      const sent = request(`${this.#base}${path}`, { method, headers, agent: false });
      const atFirst = this.#counts.answered;
      const timer = setInterval(() => {
        const isOvertaken = this.#counts.answered - atFirst > OVERTAKEN + LANES;
        if (isOvertaken || performance.now() > this.#calmUntil) finish("hung");
      }, LOOK_MS);
      const finish = (outcome: "answered" | "cut" | "hung"): void => {
        clearInterval(timer);
        sent.destroy();
        resolve(outcome);
      };
      sent.on("error", () => finish("cut"));
      sent.on("response", (response) => {
        response.on("error", () => finish("cut"));
        response.once("data", () => finish(response.statusCode === 200 ? "answered" : "cut"));
        response.once("end", () => finish("cut"));
      });
      sent.end(data && JSON.stringify({ messages: [{ data }] }));
    });
  }

  /** Count acknowledged publishes that are missing. The log is in the first process, so none may be. */
  async #lookForLost(): Promise<void> {
    const found = new Set<string>();
    for (let after = "start", more = true; more; ) {
      const page = await read(`${this.#base}a?limit=1000&after=${after}`);
      for (const { data } of page.messages) found.add(data);
      ({ cursor: after, more } = page);
    }
    this.#counts.lost = this.#acknowledged.filter((data) => !found.has(data)).length;
  }

  /** Stop the command, mostly while its workers are killed, and count the processes that are left. */
  async #stop(): Promise<void> {
    const pids = this.#pids();
    const ended = once(this.#child, "exit");
    if (Math.random() < 0.7) for (const pid of pids) signal(pid, "SIGKILL");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), CALM_MS);
    const [code] = await ended;
    clearTimeout(timer);
    await settled(() => !pids.some((pid) => existsSync(`/proc/${pid}`)));
    this.#counts.left = pids.filter((pid) => existsSync(`/proc/${pid}`)).length + (code === 0 ? 0 : 1);
    if (this.#counts.left > 0) console.log(`the command exited with ${code}: ${this.#errors.slice(-2_000)}`);
  }

  #pids(): number[] {
    const { pid } = this.#child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  }

  #descriptors(): number {
    return readdirSync(`/proc/${this.#child.pid}/fd`).length;
  }
}

interface ReadPage {
  readonly messages: readonly { readonly data: string }[];
  readonly cursor: string;
  readonly more: boolean;
}

/** Read a page, and retry if a killed worker took the request with it. */
async function read(url: string, triesLeft = 20): Promise<ReadPage> {
  try {
    const sent = get(url, { agent: false });
    const [response] = await once(sent, "response");
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    return JSON.parse(text) as ReadPage;
  } catch (error) {
    if (triesLeft === 0) throw error;
    await pause(200);
    return read(url, triesLeft - 1);
  }
}

/** Send a signal to a worker, unless it has ended since it was listed. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Resolves when `isSo` is true or {@link CALM_MS} have passed; the caller checks which. */
async function settled(isSo: () => boolean): Promise<void> {
  const end = performance.now() + CALM_MS;
  while (!isSo() && performance.now() < end) await pause(50);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
