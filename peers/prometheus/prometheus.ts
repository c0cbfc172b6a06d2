import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../testing/processes/free-port.ts";
import { ensureProgram } from "../../tools/ensure.mjs";

/** A sample of an answer: its labels and its value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A running Prometheus that scrapes some targets every second. */
export interface Prometheus {
  /** The samples of a query. @throws Error with the reason that Prometheus gives */
  ask(query: string): Promise<readonly Sample[]>;
  close(): Promise<void>;
}

/** Start Prometheus. Resolves when it answers. */
export async function startPrometheus(targets: readonly string[]): Promise<Prometheus> {
  const program = ensureProgram("prometheus");
  const folder = mkdtempSync(join(tmpdir(), "tidemark-prometheus-"));
  const port = await freePort();
  const config = { global: { scrape_interval: "1s" }, scrape_configs: [job(targets)] };
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config)); // JSON is YAML
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  await untilReady(base, child);
  return {
    async ask(query) {
      const response = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { status, data, error } = (await response.json()) as {
        readonly status: string;
        readonly data?: { readonly result: readonly Sample[] };
        readonly error?: string;
      };
      if (status !== "success" || data === undefined) throw new Error(`${query}: ${error}`);
      return data.result;
    },
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** The questions of the guide with their queries. */
export function questions(): readonly (readonly [question: string, query: string])[] {
  const page = readFileSync(
    fileURLToPath(new URL("../../docs/guide/prometheus.md", import.meta.url)),
    "utf8",
  );
  return [...page.matchAll(/^## (.*)\n\n```promql\n(.*)\n```/gm)].map(([, question = "", query = ""]) => [
    question,
    query,
  ]);
}

function job(targets: readonly string[]) {
  return { job_name: "tidemark", static_configs: [{ targets }] };
}

async function untilReady(base: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    const isReady = await fetch(`${base}/-/ready`).then(
      ({ ok }) => ok,
      () => false, // it does not listen yet
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
