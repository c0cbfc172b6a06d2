/** What other code in the process can do to an exchange that makes it impossible to answer as it should be. */
export type Interference = "body-read-before" | "response-sent-before" | "response-broken";

/** Other code in this process, a middleware for instance, took the body or the response of a request. */
export class InterferenceError extends Error {
  override readonly name = "InterferenceError";
  readonly code: Interference;

  constructor(code: Interference, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
