import { randomBytes } from "node:crypto";
import type { ServerOptions } from "../run/options.ts";
import { type Settings, settle } from "../run/options.ts";
import { type Channel, channelAt, withQuery } from "../run/target.ts";
import { Exchange } from "../wire/exchange.ts";
import { type HeaderLines, header } from "../wire/headers.ts";
import { buildRequest, type RequestInit } from "../wire/request.ts";
import { createRedactor, headerLines, type Redactor } from "../wire/secrets.ts";

/** How long an answer that is due at once may take. */
export const PROMPT_MS = 5_000;

/** The requests of one examination; they go out as those of a run do. */
export class Visit {
  readonly settings: Settings;
  readonly redact: Redactor;
  readonly #name = `conformance-doctor-${randomBytes(4).toString("hex")}`;

  constructor(options: ServerOptions) {
    this.settings = settle(options);
    const { driver, control } = options;
    this.redact = createRedactor([
      ...this.settings.headers,
      ...(driver?.secrets ?? []),
      ...(control?.secrets ?? []),
    ]);
  }

  /** A channel of this examination, at a template. */
  channel(template: string, suffix = ""): Channel {
    return channelAt(template, `${this.#name}${suffix}`);
  }

  /** Send a request with the user's headers; the answer comes when it comes. */
  send(init: RequestInit): Exchange {
    const given = init.headers ?? [];
    const extra = headerLines(this.settings.headers).filter(([name]) => header(given, name) === undefined);
    return this.sendBare({ ...init, headers: [...given, ...extra] });
  }

  /** Send a request as it is. */
  sendBare(init: RequestInit): Exchange {
    return new Exchange(buildRequest(init), { insecure: this.settings.insecure });
  }

  /** `GET` a URL and wait for the whole answer. */
  get(
    url: string,
    query: Readonly<Record<string, string | number>> = {},
    headers: HeaderLines = [],
  ): Promise<Exchange> {
    return this.send({ url: withQuery(url, query), headers }).done(PROMPT_MS);
  }
}
