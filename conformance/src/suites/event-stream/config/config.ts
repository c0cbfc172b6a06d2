import type { Headers } from "../../../engine/config/headers.ts";
import type {
  Duration,
  ExecAction,
  Identity,
  StartConfig,
  UrlTemplate,
} from "../../../engine/config/target-config.ts";

/** A request before the stream is opened. `{name}` stands for what an earlier one took. */
export interface SetupConfig {
  /** Default POST. */
  readonly method?: "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
  readonly url: UrlTemplate;
  /** Header fields as they are sent; `{name}` stands for what an earlier request took. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Headers;
  /** The body, sent as application/json. */
  readonly json?: unknown;
  /** What to take from the response, by name: `header Mcp-Session-Id` or `json /session/id`. */
  readonly take?: Readonly<Record<string, string>>;
}

/** The stream under test. */
export interface StreamTargetConfig {
  /** The URL of the stream. */
  readonly url: UrlTemplate;
  readonly start?: StartConfig;
  /** Sent with every request. */
  readonly headers?: Headers;
  /** Sent with every request for the stream; `{name}` stands for what `setup` took. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The method that opens the stream. Default GET, or POST with `json`. */
  readonly method?: string;
  /** The body of that request, sent as application/json. */
  readonly json?: unknown;
  /** Where to request a single reader's stream again; {id} stands for the last id. */
  readonly "resume-url"?: string;
  readonly identity?: Identity;
  /** Accept any certificate. */
  readonly insecure?: boolean;
}

/**
 * How to publish an event: exactly one of these.
 * @minProperties 1
 * @maxProperties 1
 */
export interface PublishConfig {
  readonly http?: {
    /** Default POST. */
    readonly method?: "GET" | "PATCH" | "POST" | "PUT";
    readonly url: UrlTemplate;
    readonly headers?: Headers;
    /** The body, sent as application/json; "{payload}" alone becomes the payload. */
    readonly json?: unknown;
    /** The body as text, with `{payload}`. */
    readonly body?: string;
    /** The media type of `body`. Default text/plain. */
    readonly type?: string;
  };
  readonly exec?: ExecAction;
  /** An ES module, relative to this file, that exports `driver`. */
  readonly module?: string;
}

/** What the server promises; a promised sentence binds as a MUST. */
export interface PromisesConfig {
  readonly resume?: "exact";
  readonly ids?: "unique";
  readonly isolation?: "session";
  readonly restart?: "safe";
  readonly end?: "terminal";
}

/** A configuration of `tidemark-conformance sse -c`. Flags of the command line take precedence. */
export interface StreamConfig {
  readonly target: StreamTargetConfig;
  /** Requests to send before the stream is opened. */
  readonly setup?: readonly SetupConfig[];
  readonly publish?: PublishConfig;
  /** Whether a publish takes a payload as JSON or as text. Default json. */
  readonly payload?: "json" | "text";
  readonly promises?: PromisesConfig;
  /** The vocabulary of the events. Default: guessed. */
  readonly vocabulary?: string;
  /** How long to watch the stream. */
  readonly observe?: Duration;
  /** Also open twelve readers and a slow one, and ask by HTTP/1.0 and HTTP/2. */
  readonly thorough?: boolean;
  /** A command that restarts the server. */
  readonly restart?: ExecAction;
  /** A file of known failures, relative to this one. */
  readonly baseline?: string;
  /** Globs over test ids: run only these. */
  readonly run?: readonly string[];
  /** Globs over test ids: skip these. */
  readonly skip?: readonly string[];
  /** Count an unmet SHOULD as a violation. */
  readonly strict?: boolean;
  /** As for --reporter: pretty,issue=issues.md */
  readonly reporter?: string;
}
