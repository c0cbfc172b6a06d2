// Runs programs for the tests.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The site's folder. */
export const DOCS = fileURLToPath(new URL("..", import.meta.url));

/**
 * Start node in the site's folder.
 * @param {readonly string[]} args @param {{ cwd?: string, env?: Record<string, string> }} options
 * @returns {{ done: Promise<{ code: number | null, output: string }>, seen: (text: RegExp) => Promise<RegExpExecArray>, stop: (signal?: NodeJS.Signals) => void }}
 *   `done`: its exit code and whole output; `seen`: the first match in its output, rejected if it ends without one
 */
export function runNode(args, { cwd = DOCS, env = {} } = {}) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
  const done = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  const seen = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      look();
      child.stdout.on("data", look);
      done.then(() => reject(new Error(`ended without ${pattern}:\n${output}`)), reject);
    });
  return { done, seen, stop: (signal) => void child.kill(signal) };
}
