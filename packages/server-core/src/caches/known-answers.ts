import type { Log } from "@tidemark/log";
import { type Answer, isStreamed } from "../answer/answer.ts";
import { hasCredentials } from "../answer/page-answer.ts";
import type { RequestHeaders } from "../request/request-headers.ts";
import { keepNewest } from "./keep-newest.ts";

/** Limits of what is remembered, in entries and in characters or bytes; together at most 17 million. */
const MAX_ANSWERS = 1_024;
const MAX_KEY = 512;
const MAX_BODY = 16 * 1_024;

/** An answer with all its header fields, ready to be sent. */
export interface Ready {
  readonly status: number;
  /** Names and values alternate. */
  readonly fields: string[];
  readonly body: string | Uint8Array | undefined;
  /** How many messages the body contains. */
  readonly messages?: number | undefined;
  /** The body's length in bytes, if it is known. */
  readonly length?: number | undefined;
}

/** What an answer depends on; `node:http` has requests of this form. */
interface Poll {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: RequestHeaders;
}

interface Known {
  readonly channel: string;
  readonly revision: string;
  readonly etag: string;
  /** The answer to a client that has the page already, and the answer to one that has not. */
  unchanged?: Ready;
  page?: Ready;
}

/**
 * Answers of polls, reused for equal polls until the channel changes, since most polls bring nothing new. Used only if
 * the log knows the revision of a channel, and if the answer depends on nothing except the request.
 */
export class KnownAnswers {
  readonly #revision: NonNullable<Log["revision"]>;
  readonly #answers = new Map<string, Known>();

  constructor(revision: NonNullable<Log["revision"]>) {
    this.#revision = revision;
  }

  /** The answer to a request, if it is known. */
  find(request: Poll): Ready | undefined {
    const key = keyOf(request);
    const known = key === undefined ? undefined : this.#answers.get(key);
    if (known === undefined || this.revisionOf(known.channel) !== known.revision) return undefined;
    const tag = request.headers["if-none-match"];
    if (tag === undefined) return known.page;
    return tag === known.etag ? known.unchanged : undefined;
  }

  /** The revision under which an answer is kept. Take it when the request arrives, before anything is read. */
  revisionOf(channel: string): string | undefined {
    try {
      return this.#revision(channel);
    } catch {
      return undefined; // the read that follows reports the failure
    }
  }

  /** Keep the answer to a request that arrived at this revision, if it can be reused. */
  keep(request: Poll, channel: string, revision: string | undefined, answer: Answer, fields: string[]): void {
    const { etag, status, body, messages, length } = answer;
    const key = keyOf(request);
    if (key === undefined || etag === undefined || revision === undefined || isStreamed(body)) return;
    if (key.length > MAX_KEY || (body?.length ?? 0) > MAX_BODY) return;
    let known = this.#answers.get(key);
    if (known?.revision !== revision || known.etag !== etag) known = { channel, revision, etag };
    const ready = { status, fields, body, messages, length };
    if (status === 304) known.unchanged = ready;
    else known.page = ready;
    keepNewest(this.#answers, MAX_ANSWERS, key, known);
  }
}

/** What distinguishes one poll from another, except `If-None-Match`; undefined if the request is not a poll. */
function keyOf({ method, url = "", headers }: Poll): string | undefined {
  if (method !== "GET" || headers["last-event-id"] !== undefined) return undefined;
  const key = headers.accept === undefined ? url : `${url} ${headers.accept}`;
  return hasCredentials(headers) ? ` ${key}` : key;
}
