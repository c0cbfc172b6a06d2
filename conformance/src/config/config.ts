/**
 * A duration such as 90s, 500ms or 2m.
 * @pattern ^\d+(\.\d+)?(ms|s|m)$
 */
export type Duration = string;

/**
 * An absolute http or https URL; `{channel}` in it stands for a channel's name.
 * @pattern ^https?://\S+$
 */
export type UrlTemplate = string;

/**
 * Where the value of a header comes from: a variable of the environment, or a file. It is written in no output.
 */
export interface HeaderSource {
  /**
   * The name of a variable of the environment.
   * @pattern ^[A-Za-z_][A-Za-z0-9_]*$
   */
  readonly env?: string;
  /** A file, relative to this one; white space around its content is dropped. */
  readonly file?: string;
  /** What stands before the value: `Bearer ` with its space. */
  readonly prefix?: string;
}

/** Header fields by name. */
export interface Headers {
  readonly [name: string]: HeaderSource;
}

/** A command that runs the target for as long as the suite does. */
export interface StartConfig {
  /** Runs in a shell, in the folder of this file. */
  readonly command: string;
  /** Asked again and again until something answers there, whatever it answers. */
  readonly ready: UrlTemplate;
  /** How long that may take. Default 20s. */
  readonly timeout?: Duration;
}

/** Who is tested, as reports name it. */
export interface Identity {
  readonly name: string;
  readonly version?: string;
}

/** The server under test. */
export interface TargetConfig {
  /** The channels' URL with {channel}, a URL under which channels are found, or the URL of one channel. */
  readonly url: UrlTemplate;
  readonly start?: StartConfig;
  /** Sent with every request. */
  readonly headers?: Headers;
  readonly identity?: Identity;
  /** Accept any certificate. */
  readonly insecure?: boolean;
}

/** What the target offers. What is left out is what it claims; false: it is taken as not offered. */
export interface MechanismsConfig {
  readonly polling?: boolean;
  readonly "long-polling"?: boolean;
  readonly sse?: boolean;
}

/** The longest that the suite waits; what would take longer is inconclusive. */
export interface LimitsConfig {
  /** The longest `wait` that a test asks for. */
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
  /** The body as text, sent as it is with `type`. */
  readonly body?: string;
  /** The media type of `body`. Default text/plain. */
  readonly type?: string;
}

/** A command, run in a shell in the folder of this file; a request's details are in its environment. */
export interface ExecAction {
  readonly command: string;
  /** How long one call may take. Default 10s. */
  readonly timeout?: Duration;
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

/** How channels are changed. */
export interface DriverConfig {
  readonly publish: Action;
  readonly close?: Action;
  readonly remove?: Action;
}

/**
 * How faults are provoked: the control interface at a URL, or a command for each.
 * @minProperties 1
 */
export interface ControlConfig {
  /** Where the four endpoints of the control interface are. */
  readonly url?: UrlTemplate;
  /** Sent with every request to it. */
  readonly headers?: Headers;
  readonly trim?: ExecAction;
  readonly drop?: ExecAction;
  readonly restart?: ExecAction;
  readonly deny?: ExecAction;
}

/** A configuration of `tidemark-conformance server -c`. Options of the command line win over it. */
export interface Config {
  /** The version of the specification. */
  readonly spec?: "1.0";
  readonly target: TargetConfig;
  readonly mechanisms?: MechanismsConfig;
  readonly limits?: LimitsConfig;
  readonly driver?: DriverConfig;
  readonly control?: ControlConfig;
  /** The most that is done to the target. */
  readonly grade?: "observe" | "provoke" | "publish";
  /** The name of a test's channel: {run} and {test} are replaced. */
  readonly channels?: string;
  /** A file of known failures, relative to this one. */
  readonly baseline?: string;
  /** Globs over test ids: only these. */
  readonly run?: readonly string[];
  /** Globs over test ids: not these. */
  readonly skip?: readonly string[];
  /** Globs over requirement ids: only tests that show one of them. */
  readonly requirement?: readonly string[];
  /** A SHOULD that is not met is a violation. */
  readonly strict?: boolean;
  /** Exit 4 unless every MUST was verified. */
  readonly "require-complete"?: boolean;
  /**
   * Tests under way at once: a whole number from 1 on.
   * @minimum 1
   * @TJS-type integer
   */
  readonly jobs?: number;
  /**
   * What is random, again: a whole number from 0 on.
   * @minimum 0
   * @TJS-type integer
   */
  readonly seed?: number;
  /** Stop after so long. */
  readonly budget?: Duration;
  /** As for --reporter: pretty,junit=out.xml */
  readonly reporter?: string;
  /** Keep what was sent and received of tests that passed too. */
  readonly transcripts?: boolean;
}
