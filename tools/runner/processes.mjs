// Several processes share a queue of files: each takes the next one when it is done with one.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** The files that the process above hands out, each asked for with what the last one gave. */
export async function* handedOut(report) {
  for (;;) {
    const next = once(process, "message");
    await send(report, false);
    const [file] = await next;
    if (file === "") return;
    yield file;
  }
}

/** Send the figures and the new lines to the process above. */
export function send(report, ended) {
  const { passed, failed, skipped } = report;
  const lines = report.lines.splice(0);
  return new Promise((done) => process.send({ counts: { passed, failed, skipped }, lines, ended }, done));
}

/** Run files of a queue in another process of this program, one after another. */
export async function runProcess(report, queue, args, print) {
  const child = spawn(process.execPath, [...process.execArgv, ...args, "--queued"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let counted = {};
  let running = "(start)";
  child.on("message", ({ counts, lines, ended }) => {
    report.lines.push(...lines);
    print();
    counted = counts;
    running = ended ? undefined : (queue.shift() ?? "");
    if (!ended) child.send(running);
  });
  const [code, signal] = await once(child, "exit");
  for (const [name, count] of Object.entries(counted)) report[name] += count;
  if (running !== undefined)
    report.fail(running, `its process ended with ${signal ?? code} before it had run all`);
}
