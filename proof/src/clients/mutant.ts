import type { SubscribeOptions } from "@tidemark/client";
import { publish, subscribe } from "@tidemark/client";
import { createSubscription, type Mechanism } from "@tidemark/client-core/kit";
import { longPolling } from "@tidemark/client-long-polling";
import { polling } from "@tidemark/client-polling";
import { sse } from "@tidemark/client-sse";
import { fetch } from "@tidemark/std";

/** The functions with which an adapter subscribes and publishes. */
export interface Make {
  readonly subscribe: typeof subscribe;
  readonly publish: typeof publish;
}

/** A client that is broken in one way, and what the suite has to report about it. */
export interface ClientMutant {
  readonly id: string;
  readonly title: string;
  /** The suite has to report exactly these requirements as violated, or as not met for a SHOULD. */
  readonly breaks: readonly string[];
  /** Whether only a test that takes 15 seconds or more kills it. */
  readonly slow?: boolean;
  readonly make: Make;
}

type Fetch = typeof globalThis.fetch;

const OURS: Make = { subscribe, publish };

/** A client whose requests and answers pass through `wrap`, which is called again for each subscription. */
export function byFetch(wrap: (send: Fetch) => Fetch): Make {
  return {
    subscribe: (url, options = {}) => subscribe(url, { ...options, fetch: wrap(fetch) }),
    publish: (url, messages, options = {}) => publish(url, messages, { ...options, fetch: wrap(fetch) }),
  };
}

/** A client that is broken if the caller chose this mechanism, and ours otherwise. */
export function only(mechanism: SubscribeOptions["mechanism"], make: Make): Make {
  return {
    publish,
    subscribe: (url, options = {}) => (options.mechanism === mechanism ? make : OURS).subscribe(url, options),
  };
}

/** A client that is ours if the caller chose this mechanism, and broken otherwise. */
export function except(mechanism: SubscribeOptions["mechanism"], make: Make): Make {
  return {
    publish,
    subscribe: (url, options = {}) => (options.mechanism === mechanism ? OURS : make).subscribe(url, options),
  };
}

/** A client with some of its options replaced. */
export function byOptions(change: (options: SubscribeOptions) => SubscribeOptions): Make {
  return { subscribe: (url, options = {}) => subscribe(url, { ...options, ...change(options) }), publish };
}

const MECHANISMS: Readonly<Record<string, Mechanism>> = { sse, "long-polling": longPolling, polling };

/** A client in which the chosen mechanism is changed; `auto` keeps its own mechanisms. */
export function byMechanism(
  change: (mechanism: Mechanism, options: SubscribeOptions) => Mechanism["open"],
): Make {
  return {
    publish,
    subscribe: (url, options = {}) => {
      const mechanism = MECHANISMS[options.mechanism ?? "auto"];
      if (mechanism === undefined) return subscribe(url, options);
      return createSubscription({ name: mechanism.name, open: change(mechanism, options) }, url, options);
    },
  };
}

/** The same request at another URL. */
export function atUrl(input: Parameters<Fetch>[0], change: (url: URL) => void): URL {
  const url = new URL(input instanceof Request ? input.url : input);
  change(url);
  return url;
}

/** The same answer with another status, other header fields or another body. */
export function answerLike(
  response: Response,
  change: {
    readonly status?: number;
    readonly headers?: Headers;
    readonly body?: ReadableStream<Uint8Array> | null;
  },
): Response {
  const { status = response.status, headers = response.headers, body = response.body } = change;
  return new Response(status === 204 ? null : body, { status, headers });
}

/** The header fields of an answer with one of them set or, with `undefined`, removed. */
export function fieldsWith(response: Response, name: string, value: string | undefined): Headers {
  const headers = new Headers([...response.headers]);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return headers;
}

/** The body of a stream, each chunk changed. `last` is added at the end, even if the stream broke. */
export function bodyWith(
  response: Response,
  change: (text: string) => string,
  last = "",
): ReadableStream<Uint8Array> | null {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (!isStream || response.body === null) return response.body;
  const reader = response.body.getReader();
  const encode = (text: string): Uint8Array => Buffer.from(text, "latin1");
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const read = reader.read();
      // With a `last`, a broken stream ends cleanly.
      const { done, value } = await (last === ""
        ? read
        : read.catch(() => ({ done: true, value: undefined })));
      if (value !== undefined) controller.enqueue(encode(change(Buffer.from(value).toString("latin1"))));
      if (!done) return;
      if (last !== "") controller.enqueue(encode(last));
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The same client with our own `publish`. */
export function reading(make: Make): Make {
  return { ...make, publish };
}

/** A client whose mechanisms, or the one named `only`, pass each batch through `change`. */
export function batches(change: (batch: BatchOf<Mechanism>) => BatchOf<Mechanism>, only?: string): Make {
  return byMechanism(
    ({ name, open }) =>
      async function* (connection) {
        const inner = open(connection);
        for (let step = await inner.next(); ; step = await inner.next()) {
          if (step.done) return step.value;
          yield only === undefined || only === name ? change(step.value) : step.value;
        }
      },
  );
}

type BatchOf<M extends Mechanism> =
  ReturnType<M["open"]> extends AsyncGenerator<infer B, unknown, unknown> ? B : never;
