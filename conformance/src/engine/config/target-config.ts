/**
 * A duration such as 90s, 500ms or 2m.
 * @pattern ^\d+(\.\d+)?(ms|s|m)$
 */
export type Duration = string;

/**
 * An absolute http or https URL. `{channel}` in it stands for a channel's name.
 * @pattern ^https?://\S+$
 */
export type UrlTemplate = string;

/** A command that runs the target during the run of the suite. */
export interface StartConfig {
  /** The command. It runs in a shell, in the folder of this file. */
  readonly command: string;
  /** A URL that is polled until it answers, with any status. */
  readonly ready: UrlTemplate;
  /** How long the target may take to start. Default 20s. */
  readonly timeout?: Duration;
}

/** The name of the implementation under test, for reports. */
export interface Identity {
  readonly name: string;
  readonly version?: string;
}

/** A command. It runs in a shell, in the folder of this file, with details of the request in its environment. */
export interface ExecAction {
  readonly command: string;
  /** How long one call may take. Default 10s. */
  readonly timeout?: Duration;
}
