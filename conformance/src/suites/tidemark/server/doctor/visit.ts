import { randomBytes } from "node:crypto";
import { type Channel, channelAt, withQuery } from "../../../../engine/wire/channel.ts";
import { Exchange } from "../../../../engine/wire/exchange.ts";
import { type HeaderLines, header } from "../../../../engine/wire/headers.ts";
import { buildRequest, type RequestInit } from "../../../../engine/wire/request.ts";
import { createRedactor, headerLines, type Redactor } from "../../../../engine/wire/secrets.ts";
import type { ServerOptions } from "../options.ts";
import { type Settings, settle } from "../options.ts";

/** How long an immediate answer may take. */
export const PROMPT_MS = 5_000;

/** Sends the requests of one examination, as a run would send them. */
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

  /** A channel of this examination. */
  channel(template: string, suffix = ""): Channel {
    return channelAt(template, `${this.#name}${suffix}`);
  }

  /** Send a request with the user's headers, without waiting for its answer. */
  send(init: RequestInit): Exchange {
    const given = init.headers ?? [];
    const extra = headerLines(this.settings.headers).filter(([name]) => header(given, name) === undefined);
    return this.sendBare({ ...init, headers: [...given, ...extra] });
  }

  /** Send a request unchanged. */
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
