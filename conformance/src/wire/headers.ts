/** One header line as it was on the wire: the name keeps its case, the value its inner bytes. */
export type HeaderLine = readonly [name: string, value: string];

/** An ordered list of header lines; nothing is merged or renamed. */
export type HeaderLines = readonly HeaderLine[];

/** Every value of a header, in the order of the wire; names are compared without case. */
export function headerValues(headers: HeaderLines, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value);
}

/** A header's value, several lines joined by a comma as RFC 9110 allows; undefined when there is none. */
export function header(headers: HeaderLines, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length === 0 ? undefined : values.join(", ");
}

/** The members of a comma-separated header, lower case and trimmed: `Vary: Accept, Origin` is `["accept", "origin"]`. */
export function listMembers(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== "");
}

/** A media type without its parameters, lower case; empty when the header is missing. */
export function mediaType(headers: HeaderLines): string {
  return (header(headers, "content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
