// The lines of JSON between the tests in a runtime and the servers that they start in another process.

/** Sent by the tests. `id` identifies an answer, `server` a server; `data` is in Base64. */
export type Order =
  | { readonly type: "serve"; readonly server: number }
  | { readonly type: "close"; readonly server: number }
  | {
      readonly type: "head";
      readonly id: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly type: "write"; readonly id: number; readonly data: string; readonly write: number }
  | { readonly type: "flush" | "end" | "destroy"; readonly id: number }
  | { readonly type: "report"; readonly report: Report };

/** Sent to the tests. */
export type Told =
  | { readonly type: "serving"; readonly server: number; readonly port: number }
  | { readonly type: "closed"; readonly server: number }
  | {
      readonly type: "request";
      readonly server: number;
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
      readonly body: string;
    }
  | { readonly type: "written"; readonly id: number; readonly write: number }
  | { readonly type: "gone"; readonly id: number };

/** The results of the tests in a runtime. */
export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The failures, as text for people. */
  readonly errors: string;
}

/** The connection that carries the lines, from the tests' side. */
export interface Link {
  send(order: Order): void;
  onTold: (told: Told) => void;
}
