// Runs uvu test files; the last line is `N passed, N failed, N skipped`.
// Usage: node [--conditions=source --import tools/typescript/register.mjs] uvu-run.mjs [options] <folder or file>...
//   --timeout s     how long one test may take on an idle machine; longer on a busy one (120)
//   --processes n   how many files run at once, each in a process that then takes the next file (1)
//   --first text    files whose path contains this text start first, because they take longest
//   --filter text   only files whose path contains this text
//   --without text  no files whose path contains this text
//   --names         print every test with its time, not only every file
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findTests } from "./runner/find-tests.mjs";
import { handedOut, runProcess, send } from "./runner/processes.mjs";

const options = {
  timeout: { type: "string", default: "120" },
  filter: { type: "string", default: "" },
  without: { type: "string" },
  processes: { type: "string", default: "1" },
  first: { type: "string", multiple: true, default: [] },
  names: { type: "boolean", default: false },
  queued: { type: "boolean", default: false },
};
const { values, positionals } = parseArgs({ allowPositionals: true, options });
const seconds = Number(values.timeout);

register("./runner/uvu-hook.mjs", import.meta.url);
const { Report, runFile } = await import("./runner/run-file.mjs");
const { setLimit } = await import("./runner/uvu.mjs");
setLimit(seconds);

const started = performance.now();
const report = new Report();
const print = () => {
  for (const line of report.lines.splice(0)) console.log(line);
};
for (const kind of ["unhandledRejection", "uncaughtException"])
  process.on(kind, (reason) => report.fail(report.file, `${kind}: ${reason?.stack ?? reason}`));

const isLater = (file) => (values.first.some((part) => file.includes(part)) ? 0 : 1);
const files = (await Promise.all(positionals.map(findTests)))
  .flat()
  .filter((file) => file.includes(values.filter))
  .filter((file) => values.without === undefined || !file.includes(values.without))
  .sort((a, b) => isLater(a) - isLater(b));
if (files.length === 0 && !values.queued) report.fail(positionals.join(" "), "no test file matches");

const processes = Math.min(Number(values.processes), files.length);
if (processes > 1) {
  const self = [
    fileURLToPath(import.meta.url),
    "--timeout",
    values.timeout,
    ...(values.names ? ["--names"] : []),
  ];
  await Promise.all(Array.from({ length: processes }, () => runProcess(report, files, self, print)));
} else {
  for await (const file of values.queued ? handedOut(report) : files) {
    await runFile(report, file, { names: values.names, seconds });
    if (!values.queued) print();
  }
}

// A rejection that nobody handled is reported on a later turn of the event loop.
await new Promise((done) => setTimeout(done, 20));
if (values.queued) await send(report, true);
else {
  print();
  console.log(`took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  console.log(`${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`);
}
process.exit(report.failed > 0 ? 1 : 0);
