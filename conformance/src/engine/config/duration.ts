const UNITS = { ms: 1, s: 1_000, m: 60_000 } as const;

/** Parse `90s`, `500ms` or `2m` into milliseconds; a bare number is seconds. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNITS[(match[2] ?? "s") as keyof typeof UNITS];
}
