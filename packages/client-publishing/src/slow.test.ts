// A large publish over a slow link, and servers that fall silent.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fastWatchdogs } from "../../../testing/clients/fast-watchdogs.ts";
import { type Answering, json, scriptedOrigin, TIDEMARK } from "../../../testing/servers/scripted-origin.ts";
import { publish } from "./index.ts";

const published = { cursors: ["C1"], cursor: "C1" };
const ok = json(published);

/** The failures during a publish of this many bytes. */
async function failuresOf(bytes: number, ...scripts: readonly Answering[]): Promise<string[]> {
  const origin = await scriptedOrigin(...scripts, ok);
  const failures: string[] = [];
  const onRetry = ({ error }: { error: Error }) => failures.push(error.message);
  const result = await publish(origin.url, { data: "x".repeat(bytes) }, { onRetry, delay: fastWatchdogs });
  assert.equal(result, published);
  await origin.close();
  return failures;
}

const after =
  (ms: number): Answering =>
  (response, asked) => {
    setTimeout(() => ok(response, asked), ms);
  };

test("a larger publish may take longer to upload", async () => {
  assert.equal(await failuresOf(400_000, after(2_000)), []);
  assert.equal(await failuresOf(400, after(2_000)), ["[timeout] no answer in 30000 ms"]);
});

test("an answer that arrives slowly is progress; one that falls silent times out", async () => {
  const text = JSON.stringify(published);
  const slowly: Answering = async (response) => {
    response.writeHead(201, { tidemark: TIDEMARK });
    for (const character of text) {
      response.write(character);
      await new Promise((resolve) => setTimeout(resolve, 75));
    }
    response.end();
  };
  const silent: Answering = (response) => {
    response.writeHead(201, { tidemark: TIDEMARK });
    response.write(text.slice(1));
  };
  assert.equal(await failuresOf(1, slowly), []);
  assert.equal(await failuresOf(1, silent), ["[timeout] the answer stalled for 30000 ms"]);
});

test.run();
