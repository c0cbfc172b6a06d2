// `npm run conformance`: builds, then runs the suite against a server.
//   npm run conformance                     the reference server, on a free port, including faults
//   npm run conformance -- <url> [option…]  any server, with any option of the suite
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** Run a command with our own input and output; resolves with its exit code. */
function run(command, args) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => done(code ?? 1));
  });
}

/** Start the reference server; resolves with its process and the URL template that it prints when ready. */
function startReference() {
  return new Promise((done, reject) => {
    const args = ["tools/controlled-server.mjs"];
    const server = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`the reference server exited with ${code}`)));
    createInterface(server.stdout).on("line", (line) => {
      const url = /listening on (\S+)/.exec(line)?.[1];
      if (url) done({ server, url });
    });
  });
}

const built = await run(process.execPath, ["tools/build.mjs", "--no-check"]);
if (built !== 0) process.exit(built);

const args = process.argv.slice(2);
const suite = (url, rest) => run(process.execPath, ["conformance/dist/main.js", "server", ...url, ...rest]);
const namesTarget = args.some((arg) => /^https?:\/\//.test(arg) || /^(-c|--config|--help|-h)/.test(arg));
if (namesTarget) process.exit(await suite([], args));

const { server, url } = await startReference();
process.once("SIGINT", () => server.kill()); // the suite handles SIGINT itself
const control = new URL("/control", url).href;
const code = await suite([url, "--control", control], args);
server.kill();
process.exit(code);
