/** The prefix of the `type` of every problem of the protocol; an identifier, not an address to fetch. */
export const PROBLEM_BASE = "https://tidemark.example/problems/";

/** The failures that the protocol defines, by code. */
export const PROBLEMS = {
  "invalid-parameter": { status: 400, title: "A parameter is repeated or malformed" },
  "unsupported-parameter": { status: 400, title: "A parameter is not offered here" },
  "invalid-header": { status: 400, title: "A header field is malformed or not offered here" },
  "invalid-body": { status: 400, title: "The body is not what this request takes" },
  unauthorized: { status: 401, title: "Credentials are needed" },
  forbidden: { status: 403, title: "These credentials do not admit this" },
  "no-such-channel": { status: 404, title: "There is no such channel" },
  "method-not-allowed": { status: 405, title: "The method is not offered here" },
  "not-acceptable": { status: 406, title: "No offered mechanism is acceptable" },
  "in-progress": { status: 409, title: "A request with this key is in progress" },
  "not-at-end": { status: 409, title: "The position is not the end of the channel" },
  closed: { status: 409, title: "The channel is closed" },
  gap: { status: 410, title: "Messages after this position are no longer available" },
  "too-large": { status: 413, title: "The request is larger than this server takes" },
  "unsupported-type": { status: 415, title: "The type or the coding of the body is not taken" },
  "key-reused": { status: 422, title: "The key was used for another request" },
  "too-early": { status: 425, title: "The request may be a replay" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "The server failed" },
  unavailable: { status: 503, title: "The server cannot answer at the moment" },
  "storage-full": { status: 507, title: "There is no room for more messages" },
} as const;

/** The protocol's name for a failure. */
export type ProblemCode = keyof typeof PROBLEMS;

/** The body of a failure's answer, `application/problem+json` (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  /**
   * The status code of the answer.
   *
   * @TJS-type integer
   */
  status: number;
  detail?: string;
  [member: string]: unknown;
}

/** What a {@link ProtocolError} carries besides its code and detail. */
export interface ProtocolErrorOptions {
  /** More members of the problem, such as `parameter` or `pointer`. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** How long clients should wait before they retry, in seconds; sent as `Retry-After`. */
  readonly retryAfterS?: number;
  readonly cause?: unknown;
}

/**
 * A failure that the protocol defines (spec: core, "Problems"). Branch on `code`; Koa reads `status` and
 * `expose`.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProblemCode;
  readonly detail: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly retryAfterS: number | undefined;
  readonly expose = true;

  /** Errors of another copy of this package count too: a log that is installed elsewhere brings its own copy. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!(value instanceof Error) || value.name !== "ProtocolError") return false;
    return "code" in value && Object.hasOwn(PROBLEMS, `${value.code}`);
  }

  constructor(code: ProblemCode, detail: string, options: ProtocolErrorOptions = {}) {
    super(`[${code}] ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.members = options.members ?? {};
    this.retryAfterS = options.retryAfterS;
  }

  /** The status code of the answer. */
  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The body of the answer. */
  toProblem(): Problem {
    const { title, status } = PROBLEMS[this.code];
    return { ...this.members, type: PROBLEM_BASE + this.code, title, status, detail: this.detail };
  }
}

/**
 * A received problem. `code` is undefined if its type is not that of a problem with this status; then only
 * the status counts.
 */
export interface ParsedProblem {
  readonly code: ProblemCode | undefined;
  readonly problem: Problem;
}

/**
 * Parse the body of a failure as a client does; undefined if it is not a JSON object. Spec: CORE-PROBLEM-3.
 *
 * Members of the wrong type count as absent (RFC 9457, 3.1): `type` is then `about:blank`, `title` empty,
 * `status` 0.
 *
 * @param answered the status of the answer; it takes precedence over the body's `status`
 */
export function parseProblem(text: string, answered: number): ParsedProblem | undefined {
  const body = parseObject(text);
  if (body === undefined) return undefined;
  const { type = "about:blank", title = "", status = 0, detail, ...members } = body;
  const problem: Problem = {
    ...members,
    type: typeof type === "string" ? type : "about:blank",
    title: typeof title === "string" ? title : "",
    status: typeof status === "number" ? status : 0,
    ...(typeof detail === "string" ? { detail } : {}),
  };
  return { code: codeOf(problem.type, answered), problem };
}

function codeOf(type: string, answered: number): ProblemCode | undefined {
  const isOfType = ([code, { status }]: [string, { status: number }]) =>
    type === PROBLEM_BASE + code && status === answered;
  return Object.entries(PROBLEMS).find(isOfType)?.[0] as ProblemCode | undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // the page of a portal or a proxy, not a problem
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}
