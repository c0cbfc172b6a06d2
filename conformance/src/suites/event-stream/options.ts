import type { Control } from "../../engine/drive/control.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { RunOptions } from "../../engine/run/options.ts";
import type { ExtraHeader } from "../../engine/wire/secrets.ts";
import type { SetupStep } from "./setup.ts";

/** What a server can promise; a promised sentence binds as a MUST. */
export interface Promises {
  /** `exact`: after an id come exactly the events behind it. */
  readonly resume?: "exact";
  /** `unique`: an id names one event, for every reader. */
  readonly ids?: "unique";
  /** `session`: an id gives no access to the events of another session. */
  readonly isolation?: "session";
  /** `safe`: no id changes its meaning by a restart. */
  readonly restart?: "safe";
  /** `terminal`: every complete stream ends with a terminal event. */
  readonly end?: "terminal";
}

/** Options of a run against an event stream; only the URL is required. */
export interface EventStreamOptions extends RunOptions {
  /** The URL of the stream. */
  readonly url: string;
  /** Added to every request; see `parseExtraHeader`. */
  readonly headers?: readonly ExtraHeader[];
  /** Accept any certificate. @defaultValue false */
  readonly insecure?: boolean;
  /** The method of the request that opens the stream. @defaultValue "GET" */
  readonly method?: string;
  /** The body of that request, and its media type. */
  readonly body?: { readonly text: string; readonly type: string };
  /**
   * Where a stream with a single reader is requested again: a URL, in which `{id}` stands for the last id. The default is
   * the `Location` of the response, and for `GET` the URL of the stream.
   */
  readonly resumeUrl?: string;
  /** Requests to send before the stream is opened; `{name}` in the URL, headers and body is what they took. */
  readonly setup?: readonly SetupStep[];
  /** How long to watch the stream, in milliseconds. @defaultValue 18_000, up to 32_000 if few events come */
  readonly observeMs?: number;
  /** Also open twelve readers and a slow one, and ask by HTTP/1.0 and HTTP/2. @defaultValue false */
  readonly thorough?: boolean;
  readonly promises?: Promises;
  /** The name of a vocabulary. @defaultValue guessed from the events */
  readonly vocabulary?: string;
  /** How to publish an event. Default: the suite only watches. */
  readonly driver?: Driver;
  /** Whether the driver takes a payload as text or as JSON. @defaultValue "json" */
  readonly payload?: "json" | "text";
  /** How to restart the server. Default: it is not restarted. */
  readonly control?: Control;
}

/** How long the stream is watched by default, and if few events come, in milliseconds. */
const OBSERVE_MS = 18_000;
const LONG_OBSERVE_MS = 32_000;

/** Options with every default filled in. */
export interface Settings extends EventStreamOptions {
  readonly headers: readonly ExtraHeader[];
  readonly insecure: boolean;
  readonly method: string;
  readonly observeMs: number;
  /** How long to watch if few events come. */
  readonly longObserveMs: number;
  readonly thorough: boolean;
  readonly promises: Promises;
  readonly payload: "json" | "text";
}

/** Fill in the defaults. */
export function settle(options: EventStreamOptions): Settings {
  const { headers = [], insecure = false, thorough = false, promises = {}, payload = "json" } = options;
  const { method = options.body ? "POST" : "GET", observeMs } = options;
  return {
    ...options,
    headers,
    insecure,
    thorough,
    promises,
    payload,
    method,
    observeMs: observeMs ?? OBSERVE_MS,
    longObserveMs: observeMs ?? LONG_OBSERVE_MS,
  };
}

/** The header fields of the options whose values must not be printed. */
export function secretsOf({
  headers = [],
  driver,
  control,
  setup = [],
}: EventStreamOptions): readonly ExtraHeader[] {
  const own = setup.flatMap((step) => step.headers ?? []);
  return [...headers, ...own, ...(driver?.secrets ?? []), ...(control?.secrets ?? [])];
}
