/** The header fields of a request by their names in lower case. */
export interface RequestHeaders {
  readonly accept?: string | undefined;
  readonly authorization?: string | undefined;
  readonly "content-encoding"?: string | undefined;
  readonly "content-length"?: string | undefined;
  readonly "content-type"?: string | undefined;
  readonly cookie?: string | undefined;
  readonly host?: string | undefined;
  readonly "if-none-match"?: string | undefined;
  readonly origin?: string | undefined;
  readonly [name: string]: string | readonly string[] | undefined;
}
