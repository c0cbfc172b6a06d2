// Runs a command of the test run, prints its output and reads its closing lines.
import { spawn } from "node:child_process";

const CLOSING = /^(?:(\S+?):(?:test|prove): )?(\d+) passed, (\d+) failed, (\d+) skipped$/;
const TOOK = /^(?:(\S+?):(test|prove): )?took ([\d.]+) s$/;

/** The sums over all commands of a run. */
export class Totals {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** How many closing lines were read. */
  closings = 0;
  /** How long each package's tests took, in seconds. @type {[name: string, seconds: number][]} */
  times = [];

  read(line) {
    const closing = CLOSING.exec(line);
    if (closing) {
      this.closings += 1;
      this.passed += Number(closing[2]);
      this.failed += Number(closing[3]);
      this.skipped += Number(closing[4]);
    }
    const took = TOOK.exec(line);
    if (took?.[1]) this.times.push([took[2] === "test" ? took[1] : `${took[1]} ${took[2]}`, Number(took[3])]);
  }

  /** The last line of every run. */
  toString() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

/**
 * Run a command to its end; returns its exit code, or 1 after a signal. With `held`, print its output at its end, so
 * that it does not mix with other output.
 */
export function runCommand(command, args, { onLine = () => {}, held = false, ...options } = {}) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
    let rest = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      if (held) all += chunk;
      else process.stdout.write(chunk);
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      process.stdout.write(all);
      done(code ?? 1);
    });
  });
}
