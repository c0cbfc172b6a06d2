import { spawn } from "node:child_process";

/** How long `until` waits for a program; a bound on liveness. */
const LIMIT_MS = 60_000;

/** A running Node program, and its output so far. */
export class ProgramRun {
  #output = "";
  #code: number | null | undefined;
  #isStopped = false;
  readonly #child;
  readonly #watchers = new Set<() => void>();

  constructor(file: string, cwd: string) {
    this.#child = spawn(process.execPath, [file], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        this.#look();
      });
    this.#child.once("close", (code) => {
      this.#code = code;
      this.#look();
    });
  }

  get lines(): string[] {
    return this.#output.trimEnd().split("\n").filter(Boolean);
  }

  /** Wait until `isDue` is true. Rejects, with the program's output, if it ends first or time runs out. */
  async until(isDue: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        end();
      };
      const fail = (why: string): void => {
        this.#child.kill();
        settle(() => reject(new Error(`${why}; it printed:\n${this.#output}`)));
      };
      const look = (): void => {
        if (isDue()) settle(resolve);
        else if (this.#code !== undefined) fail(`the program ended with ${this.#code}`);
      };
      const timer = setTimeout(() => fail(`timed out after ${LIMIT_MS} ms`), LIMIT_MS);
      this.#watchers.add(look);
      look();
    });
  }

  /** Wait until the program has ended by itself. Rejects if its exit code is not 0. */
  async ended(): Promise<void> {
    await this.until(() => this.#code !== undefined);
    if (this.#code !== 0 && !this.#isStopped)
      throw new Error(`the program ended with ${this.#code}:\n${this.#output}`);
  }

  /** Kill the program, and wait until it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#child.kill();
    await this.ended();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}
