// Runs the exchanges with curl.
import { spawn } from "node:child_process";
import { ensureProgram } from "../../tools/ensure.mjs";

const shown = "http://127.0.0.1:3000";

/**
 * Run a shell command; resolves with its output. `until` stops a single command as soon as the output has that text;
 * `sent` is called when a verbose curl reports that it has sent the request.
 */
function sh(line, until, sent) {
  return new Promise((done, reject) => {
    const child = spawn("sh", ["-c", until ? `exec ${line}` : line], {
      stdio: ["ignore", "pipe", sent ? "pipe" : "inherit"],
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      if (/^> *$/m.test(chunk)) sent();
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      if (until && output.includes(until)) child.kill();
    });
    child.once("error", reject);
    child.once("close", () => done(output.replaceAll("\r", "")));
  });
}

const json = "-H 'Content-Type: application/json'";
const lastCursor = (output) => [...output.matchAll(/"cursor":"([^"]+)"/g)].at(-1)?.[1];
const lastId = (output) => [...output.matchAll(/^id: (.+)$/gm)].at(-1)?.[1];

/** Records commands and their output, with the URL that a reader would use. */
class Recorder {
  exchanges = [];

  constructor(url) {
    this.url = url;
  }

  /** Run a command as the reader would type it, and record it with its output. */
  async run(title, text, command, { until } = {}) {
    const output = await sh(this.#real(command), until);
    return this.#keep(title, text, [command], output);
  }

  /** Like `run`, but run a second command once the server has received the first request; both print their end time. */
  async runWith(title, text, command, beside) {
    let running;
    await new Promise((sent) => {
      running = sh(this.#real(command.replace("curl ", "curl -v ")), undefined, sent);
    });
    await fetch(`${this.url}/channels/other`); // a later request was answered, so the server has read the first one
    const besideDone = await sh(this.#real(beside));
    return this.#keep(title, text, [`${command} &`, beside], besideDone + (await running));
  }

  #real(command) {
    return command.replaceAll(shown, this.url);
  }

  #keep(title, text, commands, output) {
    this.exchanges.push({ title, text, commands, output: output.replaceAll(this.url, shown) });
    return output;
  }
}

/** @param {string} url of the server, without a path */
export async function recordExchanges(url) {
  ensureProgram("curl");
  const recorder = new Recorder(url);
  const news = `${shown}/channels/news`;
  const post = (body) => `curl -s -i ${json} -d '${body}' ${news}`;

  await recorder.run(
    "Publish",
    "All messages of a request are appended, or none; the answer has their cursors.",
    post('{"messages":[{"data":{"text":"hello"}},{"event":"greeting","data":"hi"}]}'),
  );
  const first = await recorder.run(
    "Poll",
    "Without a position a read begins at the oldest message.",
    `curl -s -i '${news}'`,
  );
  const cursor = lastCursor(first);
  await recorder.run(
    "Poll from a cursor",
    "Nothing came after it: the page is empty, and its cursor is where to read on.",
    `curl -s -i '${news}?after=${cursor}'`,
  );
  const timed = `-w '\\nanswered after %{time_total} s\\n'`;
  const held = await recorder.runWith(
    "Long poll",
    "The request is held until there is a message, and answered at once then: here it is published while the request waits.",
    `(curl -s -i '${news}?after=${cursor}&wait=25'; date '+%n%T.%N answered')`,
    `${post('{"messages":[{"data":"while you waited"}]}')} >/dev/null; date '+%T.%N published'`,
  );
  const end = lastCursor(held);
  await recorder.run(
    "Long poll, and nothing comes",
    "At the end of the wait the answer is an empty page.",
    `curl -s -i ${timed} '${news}?after=${end}&wait=1'`,
  );
  const streamed = await recorder.run(
    "Stream",
    "The first block says where the stream begins and how long it can be silent. Then the messages, and it stays open.",
    `curl -s -i -N '${news}?stream=1'`,
    { until: '"while you waited"\nid: ' },
  );
  const firstMessage = [...streamed.matchAll(/^id: (.+)$/gm)][1]?.[1];
  await recorder.run(
    "Resume a stream",
    "`Last-Event-ID` is what a browser's `EventSource` sends when it connects again.",
    `curl -s -i -N -H 'Accept: text/event-stream' -H 'Last-Event-ID: ${firstMessage}' ${news}`,
    { until: '"while you waited"\nid: ' },
  );
  const foreign = `${shown}/channels/sport?after=${end}`;
  await recorder.run(
    "A gap",
    "A cursor of another channel: nothing can be read on from it.",
    `curl -s -i '${foreign}'`,
  );
  await recorder.run(
    "Continue after a gap",
    "With `gap=start`, the server continues at the start of the channel and reports the gap in the page.",
    `curl -s -i '${foreign}&gap=start'`,
  );
  await recorder.run(
    "Bad input",
    "A position outside the grammar is refused, with the name of the parameter.",
    `curl -s -i '${news}?after=%0A'`,
  );
  await recorder.run(
    "Close",
    "A last message, and the channel takes no more.",
    post('{"messages":[{"data":"bye"}],"close":true}'),
  );
  await recorder.run(
    "Read a closed channel",
    "The page says that this is the end.",
    `curl -s -i '${news}?after=${end}'`,
  );
  const closing = await recorder.run(
    "Stream a closed channel",
    "The stream says so too, and ends.",
    `curl -s -i -N '${news}?stream=1&after=${end}'`,
  );
  await recorder.run(
    "Come back to its end",
    "`204` tells an `EventSource` to stay away.",
    `curl -s -i -H 'Accept: text/event-stream' -H 'Last-Event-ID: ${lastId(closing)}' ${news}`,
  );
  return recorder.exchanges;
}
