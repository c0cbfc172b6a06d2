import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../packages/server/dist/main.js", import.meta.url));

/**
 * Start the built reference server on a free port.
 * @param {readonly string[]} options additional options of `tidemark serve`
 * @returns {Promise<{url: string, stop: () => void}>} the URL without the path of a channel
 */
export function startServer(options = []) {
  return new Promise((done, reject) => {
    const server = spawn(process.execPath, [main, "serve", "--port", "0", "--log", "memory", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`the reference server ended with exit code ${code}`)));
    createInterface(server.stdout).on("line", (line) => {
      const url = /listening on (https?:\/\/[^/\s]+)/.exec(line)?.[1];
      if (url) done({ url, stop: () => server.kill() });
    });
  });
}
