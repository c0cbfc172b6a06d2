/** How other code in the process can make it impossible to answer a request properly. */
export type Interference = "body-read-before" | "response-sent-before" | "response-broken";

/** Other code in this process, for example a middleware, took the body or the response of a request. */
export class InterferenceError extends Error {
  override readonly name = "InterferenceError";
  readonly code: Interference;

  constructor(code: Interference, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
