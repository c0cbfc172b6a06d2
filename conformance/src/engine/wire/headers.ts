/** One header line as it was on the wire: the name keeps its case, the value its inner bytes. */
export type HeaderLine = readonly [name: string, value: string];

/** An ordered list of header lines; nothing is merged or renamed. */
export type HeaderLines = readonly HeaderLine[];

/** Every value of a header, in wire order; letter case in names does not matter. */
export function headerValues(headers: HeaderLines, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

/** A header's value, with several lines joined by a comma as RFC 9110 allows; undefined if it is missing. */
export function header(headers: HeaderLines, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length === 0 ? undefined : values.join(", ");
}

/** The members of a comma-separated header in lower case: `Accept, Origin` is `["accept", "origin"]`. */
export function listMembers(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== "");
}

/** The media type without parameters, in lower case; empty if the header is missing. */
export function mediaType(headers: HeaderLines): string {
  return (header(headers, "content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
