// Records which files a message passes: publishes one over HTTP while a client follows the channel by SSE, and notes
// the calls at the places where the message leaves our code.
//   npm run record-path -w @tidemark/docs
import { writeFile } from "node:fs/promises";
import { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { subscribe } from "@tidemark/client-sse";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { DOCS } from "./run.mjs";

Error.stackTraceLimit = 100;

/** The files of the calls that led here, the outermost first, each once. */
function filesHere() {
  const stack = new Error().stack ?? "";
  const found = [...stack.matchAll(/\/(packages\/[^\s:)]+\.ts):\d+/g)].map(([, file]) => file);
  return [...new Set(found.reverse())];
}

/** The callers at each place. */
const seen = {};

/** Replace a method by one that notes its callers first. */
function note(place, target, method) {
  const original = target[method];
  target[method] = function (...args) {
    seen[place] = [...(seen[place] ?? []), filesHere()];
    return Reflect.apply(original, this, args);
  };
}

const longest = (place) => (seen[place] ?? []).reduce((a, b) => (b.length > a.length ? b : a), []);

const log = new MemoryLog();
note("append", MemoryLog.prototype, "append");
note("write", ServerResponse.prototype, "write");
note("receive", ReadableStreamDefaultReader.prototype, "read");
const server = await listen(log, { port: 0 });
const url = server.url.replace("{channel}", "news");
const controller = new AbortController();
const messages = subscribe(url, { signal: controller.signal });
const received = messages.next();
await new Promise((resolve) => {
  const look = () => (messages.state.phase === "live" ? resolve() : setTimeout(look, 10));
  look();
});
// From here on, the callers are those of the message.
note("request", IncomingMessage.prototype, "on");
note("decode", TextDecoder.prototype, "decode");
seen.write = [];
const headers = { "Content-Type": "application/json" };
await fetch(url, { method: "POST", headers, body: '{"messages":[{"data":"hello"}]}' });
await received;
controller.abort();
await messages.return();
await server.close({ windowMs: 0 });

const lanes = [
  {
    title: "A publish is appended",
    files: [...longest("request"), ...longest("append"), "packages/log-memory/src/memory-log.ts"],
  },
  { title: "The feed wakes its readers", files: longest("write") },
  { title: "The client delivers it", files: [...longest("receive"), ...longest("decode")] },
].map(({ title, files }) => ({ title, files: [...new Set(files)] }));
console.log(JSON.stringify(lanes, null, 1));
await writeFile(join(DOCS, "recordings/path.json"), `${JSON.stringify(lanes, null, 2)}\n`);
