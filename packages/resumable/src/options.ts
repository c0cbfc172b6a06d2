import type { Log } from "@tidemark/log";
import type { ConnectionOptions } from "./reading/connection-options.ts";
import type { BrokenBlock } from "./reading/plain-form.ts";

/** What `authorize` is asked. */
export interface RunAccess {
  readonly request: Request;
  readonly action: "start" | "resume" | "cancel";
  /** The id of the run; undefined for a start. */
  readonly run: string | undefined;
}

/** Options of {@link resumable}. */
export interface ResumableOptions extends ConnectionOptions {
  /**
   * Says who sends a request; undefined for an anonymous client. Called for each start, resume and cancel, and again at
   * each heartbeat of a stream. To refuse, throw an error with a `status` of 401, 403 or 404. A run can be resumed and
   * cancelled only by the principal that started it, unless `isShared`.
   * @defaultValue everyone who knows a run's id, which cannot be guessed, may read and cancel it
   */
  authorize?(access: RunAccess): string | undefined | Promise<string | undefined>;
  /** Everyone whom `authorize` admits may resume and cancel the runs of others. @defaultValue false */
  readonly isShared?: boolean;
  /**
   * The longest silence of a stream, and the time within which readers learn that the process of their producer has
   * died, in whole seconds from 1 to 300. All processes with the same log need the same. @defaultValue 15
   */
  readonly heartbeatS?: number;
  /** Milliseconds after which a displaced `EventSource` reconnects. @defaultValue 2_000 */
  readonly retryMs?: number;
  /** The most bytes of one run, as the upstream sends them. A larger run is cut there. @defaultValue 67_108_864 (64 MiB) */
  readonly maxBytes?: number;
  /** The longest time that a run may take, in milliseconds. Then it is cut. @defaultValue 3_600_000 (an hour) */
  readonly maxAgeMs?: number;
  /** How long a run can still be read after its end, in milliseconds; at most 2^31 - 1. @defaultValue 3_600_000 (an hour) */
  readonly retainMs?: number;
  /** End a run that has had no reader for this time, in milliseconds; `null`: it continues to its end. @defaultValue null */
  readonly abandonMs?: number | null;
  /** How long the producer waits for a log that is unavailable, in milliseconds, before it gives the run up. @defaultValue 60_000 */
  readonly logGraceMs?: number;
  /**
   * A last block for readers of a run that is not complete, in the words of your stream, for example
   * `({ how }) => 'data: {"type":"error","errorText":"' + how + '"}\n\n'`. Their stream is cut in any case.
   * @defaultValue none
   */
  readonly brokenBlock?: BrokenBlock;
  /** The prefix of all channels in the log. @defaultValue "resumable." */
  readonly prefix?: string;
  /** Called with failures that no request waits for. @defaultValue console.error */
  readonly onError?: (error: unknown) => void;
}

/** The options with their defaults. */
export interface Settings extends ResumableOptions {
  readonly log: Log;
  readonly heartbeatS: number;
  readonly retryMs: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly retainMs: number;
  readonly abandonMs: number | null;
  readonly logGraceMs: number;
  readonly prefix: string;
  readonly onError: (error: unknown) => void;
}

/** The longest time of a timer, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws RangeError for an invalid option */
export function settingsOf(log: Log, options: ResumableOptions): Settings {
  const { heartbeatS = 15, retryMs = 2_000, maxBytes = 64 * 1_024 * 1_024, maxAgeMs = 3_600_000 } = options;
  const { retainMs = 3_600_000, abandonMs = null, logGraceMs = 60_000, prefix = "resumable." } = options;
  const { onError = console.error } = options;
  const bounds = { heartbeatS, retryMs, maxBytes, maxAgeMs, retainMs, abandonMs: abandonMs ?? 1, logGraceMs };
  for (const [name, value] of Object.entries(bounds))
    if (!(value > 0 && (name === "maxBytes" || value <= MAX_TIMER_MS)))
      throw new RangeError(`${name} has to be a positive number of at most ${MAX_TIMER_MS}, not ${value}`);
  return {
    ...options,
    ...{ log, heartbeatS, retryMs, maxBytes, maxAgeMs, retainMs, abandonMs, logGraceMs, prefix, onError },
  };
}
