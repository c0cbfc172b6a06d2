/**
 * Whether a `Tidemark` field has `v=1`. A reader of whole dictionaries would be a tenth of a small client; what could
 * stand inside a string is left out.
 */
export function isTidemark(field: string | null): boolean {
  const members = (field ?? "").replace(/"(?:[^"\\]|\\.)*"/g, "");
  return /(?:^|,)[ \t]*v=1[ \t]*(?:[,;]|$)/.test(members);
}
