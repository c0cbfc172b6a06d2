// Several processes share a queue of files; each takes the next file when it has finished one.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** The files from the parent process. Each request for the next file carries the results of the last one. */
export async function* handedOut(report) {
  for (;;) {
    const next = once(process, "message");
    await send(report, false);
    const [file] = await next;
    if (file === "") return;
    yield file;
  }
}

/** Send the counts and the new lines to the parent process. */
export function send(report, ended) {
  const { passed, failed, skipped } = report;
  const lines = report.lines.splice(0);
  return new Promise((done) => process.send({ counts: { passed, failed, skipped }, lines, ended }, done));
}

/** Run the files of a queue one after another in a child process. */
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
    report.fail(running, `its process exited with ${signal ?? code} before all its tests had run`);
}
