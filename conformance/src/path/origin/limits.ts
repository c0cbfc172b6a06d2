/** What bounds the origin, so that it can be reached from the internet for an hour. */
export interface OriginLimits {
  /** Simultaneous connections; further ones are closed at once. @defaultValue 128 */
  readonly connections: number;
  /** How long the origin runs, in milliseconds. @defaultValue 3_600_000 */
  readonly lifetimeMs: number;
  /** Bytes of all answers together. After them, every request is answered with 503. @defaultValue 1 GiB */
  readonly bytes: number;
  /** Bytes of one request body; the rest is not read. @defaultValue 2 MiB */
  readonly bodyBytes: number;
  /** How long a reader may take no bytes before its stream is cut, in milliseconds. @defaultValue 30_000 */
  readonly stallMs: number;
  /** Probes whose requests are remembered; the oldest is forgotten first. @defaultValue 512 */
  readonly records: number;
}

/** The default limits. */
export const ORIGIN_LIMITS: OriginLimits = {
  connections: 128,
  lifetimeMs: 3_600_000,
  bytes: 1024 * 1024 * 1024,
  bodyBytes: 2 * 1024 * 1024,
  stallMs: 30_000,
  records: 512,
};

/** Requests that are remembered of one probe. */
export const REQUESTS_OF_A_PROBE = 16;
