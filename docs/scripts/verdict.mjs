// Runs the conformance suite against the reference server, and keeps its first and last lines for the front page.
//   npm run verdict -w @tidemark/docs
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mainOf, sources } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";
import { verdictPicture } from "./site/verdict-picture.mjs";

// With the control interface, the suite can restart the log, drop messages and withdraw permissions.
const server = runNode([...sources, "../tools/controlled-server.mjs"]);
const [, url] = await server.seen(/listening on (\S+)/);
const args = [...mainOf("conformance"), "server", url, "--control", new URL("/control", url).href];
const child = spawn(process.execPath, args, {
  stdio: ["ignore", "pipe", "inherit"],
  env: { ...process.env, NO_COLOR: "1" },
});
let output = "";
for await (const chunk of child.stdout.setEncoding("utf8")) output += chunk;
server.stop();
await server.done;

const lines = output.trimEnd().split("\n");
const run = {
  day: new Date().toISOString().slice(0, 10),
  command: "npm run conformance",
  // The suite's last lines: the number of tests, and the verdict.
  lines: lines.slice(-2),
};
console.log(lines.slice(-8).join("\n"));
await writeFile(join(DOCS, "recordings/verdict.json"), `${JSON.stringify(run, null, 2)}\n`);
await writeFile(join(DOCS, "public/verdict.svg"), verdictPicture(run));
