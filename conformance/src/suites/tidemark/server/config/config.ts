import type { Headers } from "../../../../engine/config/headers.ts";
import type {
  Duration,
  ExecAction,
  Identity,
  StartConfig,
  UrlTemplate,
} from "../../../../engine/config/target-config.ts";

/** The server under test. */
export interface TargetConfig {
  /** The channels' URL with {channel}, the base URL of the channels, or the URL of one channel. */
  readonly url: UrlTemplate;
  readonly start?: StartConfig;
  /** Sent with every request. */
  readonly headers?: Headers;
  readonly identity?: Identity;
  /** Accept any certificate. */
  readonly insecure?: boolean;
}

/** Which mechanisms to test. Default: those that the target claims. */
export interface MechanismsConfig {
  readonly polling?: boolean;
  readonly "long-polling"?: boolean;
  readonly sse?: boolean;
}

/** How long tests may wait. A test that would take longer is inconclusive. */
export interface LimitsConfig {
  /** The longest `wait` that a test requests. */
  readonly wait?: Duration;
  /** The longest heartbeat that a test waits for. Default 60s. */
  readonly heartbeat?: Duration;
}

/** A request to the target's own interface. `{channel}`, `{event}` and `{payload}` are replaced. */
export interface HttpAction {
  /** Default POST. */
  readonly method?: "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
  readonly url: UrlTemplate;
  readonly headers?: Headers;
  /** The body, sent as application/json; "{payload}" alone becomes the message's JSON value, "{messages}" all of them. */
  readonly json?: unknown;
  /** The body as text, sent unchanged with `type`. */
  readonly body?: string;
  /** The media type of `body`. Default text/plain. */
  readonly type?: string;
}

/**
 * One way to do something: exactly one of these.
 * @minProperties 1
 * @maxProperties 1
 */
export interface Action {
  /** By the protocol itself. */
  readonly protocol?: true;
  readonly http?: HttpAction;
  readonly exec?: ExecAction;
  /** An ES module, relative to this file, that exports `driver`. */
  readonly module?: string;
}

/** How to publish, declare, close and remove. */
export interface DriverConfig {
  readonly publish: Action;
  /** How a channel is declared, before the suite first uses it; a removal must not undo it. */
  readonly declare?: Action;
  readonly close?: Action;
  readonly remove?: Action;
}

/**
 * How to provoke faults: a control interface, or a command for each fault.
 * @minProperties 1
 */
export interface ControlConfig {
  /** The base URL of the control interface. */
  readonly url?: UrlTemplate;
  /** Sent with every request to the control interface. */
  readonly headers?: Headers;
  readonly trim?: ExecAction;
  readonly drop?: ExecAction;
  readonly restart?: ExecAction;
  readonly deny?: ExecAction;
}

/** A configuration of `tidemark-conformance server -c`. Flags of the command line take precedence. */
export interface Config {
  /** The version of the specification. */
  readonly spec?: "1.0";
  readonly target: TargetConfig;
  readonly mechanisms?: MechanismsConfig;
  readonly limits?: LimitsConfig;
  readonly driver?: DriverConfig;
  readonly control?: ControlConfig;
  /** The most that the suite may do to the target. */
  readonly allow?: "observe" | "provoke" | "publish";
  /** The name of a test's channel; {run} and {test} are replaced. */
  readonly channels?: string;
  /** A file of known failures, relative to this one. */
  readonly baseline?: string;
  /** Globs over test ids: run only these. */
  readonly run?: readonly string[];
  /** Globs over test ids: skip these. */
  readonly skip?: readonly string[];
  /** Globs over requirement ids: run only tests that check one of them. */
  readonly requirement?: readonly string[];
  /** Count an unmet SHOULD as a violation. */
  readonly strict?: boolean;
  /** Exit 4 unless every MUST was verified. */
  readonly "require-complete"?: boolean;
  /**
   * The number of tests that run at once: a whole number of 1 or more.
   * @minimum 1
   * @TJS-type integer
   */
  readonly jobs?: number;
  /**
   * The seed of all random choices: a whole number of 0 or more.
   * @minimum 0
   * @TJS-type integer
   */
  readonly seed?: number;
  /** Stop the run after this time. */
  readonly budget?: Duration;
  /** As for --reporter: pretty,junit=out.xml */
  readonly reporter?: string;
  /** Keep the transcripts of passed tests too. */
  readonly transcripts?: boolean;
}
