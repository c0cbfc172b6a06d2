// Endless bodies: a client reads a bounded part, then closes the connection.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect, rejection } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import {
  type Answering,
  page,
  scriptedOrigin,
  TIDEMARK,
} from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { AnswerError, TooLargeError } from "../index.ts";
import { createSubscription } from "../kit.ts";

const MiB = 1024 * 1024;

/** Send a head, then white space until the client closes the connection; counts the bytes sent. */
function endless(status: number, sent: { bytes: number }, chunkBytes: number): Answering {
  const chunk = Buffer.alloc(chunkBytes, " ");
  return async (response, { gone }) => {
    let isGone = false;
    void gone.then(() => {
      isGone = true;
    });
    response.writeHead(status, { tidemark: TIDEMARK, "content-type": "application/json" });
    while (!isGone) {
      await Promise.race([new Promise<void>((resolve) => response.write(chunk, () => resolve())), gone]);
      sent.bytes += chunk.length;
    }
  };
}

test("a page larger than 64 MiB plus its largest message ends the subscription and the connection", async () => {
  const sent = { bytes: 0 };
  const origin = await scriptedOrigin(endless(200, sent, MiB));
  const options = { ...noClock(), maxMessageBytes: MiB };
  const error = await rejection(createSubscription(pages, origin.url, options).next());
  assert.instance(error, TooLargeError);
  assert.match(String(error), `the message after start has ${65 * MiB} bytes or more`);
  await origin.asked[0]?.gone;
  assert.ok(sent.bytes >= 63 * MiB && sent.bytes < 96 * MiB, `${sent.bytes}`);
  await origin.close();
});

test("a page of just under 64 MiB is read", async () => {
  const head = '{"messages":[{"cursor":"P1","data":"';
  const tail = '"}],"cursor":"P1","more":false,"closed":true}';
  const text = head + "x".repeat(64 * MiB - head.length - tail.length) + tail;
  const origin = await scriptedOrigin((response) => {
    response.writeHead(200, { tidemark: TIDEMARK, "content-type": "application/json" });
    response.end(text);
  });
  assert.equal(await collect(createSubscription(pages, origin.url, noClock())), ["P1"]);
  await origin.close();
});

test("of a problem larger than 64 KiB only the status counts, and the connection is closed", async () => {
  const sent = { bytes: 0 };
  const origin = await scriptedOrigin(endless(503, sent, 4096), page(["P1"], { closed: true }));
  const errors: Error[] = [];
  const onRetry = ({ error }: { error: Error }) => void errors.push(error);
  const subscription = createSubscription(pages, origin.url, { ...noClock(), onRetry });
  assert.equal(await collect(subscription), ["P1"]);
  const [error] = errors;
  assert.instance(error, AnswerError);
  assert.equal([(error as AnswerError).status, (error as AnswerError).problem], [503, {}]);
  await origin.asked[0]?.gone;
  assert.ok(sent.bytes >= 64 * 1024 && sent.bytes < 16 * MiB, `${sent.bytes}`);
  await origin.close();
});

test("text that is cut inside a character is not a page, and a byte order mark is ignored", async () => {
  const script = (body: Uint8Array): Answering => {
    return (response) => {
      response.writeHead(200, { tidemark: TIDEMARK, "content-type": "application/json" });
      response.write(body);
      response.end();
    };
  };
  const text = Buffer.from('\uFEFF{"messages":[],"cursor":"P1","more":false,"closed":true}');
  const origin = await scriptedOrigin(script(Buffer.concat([text, Buffer.from([0xe2, 0x82])])), script(text));
  const errors: string[] = [];
  const onRetry = ({ error }: { error: Error }) => void errors.push(error.message);
  assert.equal(await collect(createSubscription(pages, origin.url, { ...noClock(), onRetry })), []);
  assert.equal(errors, ["[cut] the answer is not a page"]);
  await origin.close();
});

test.run();
