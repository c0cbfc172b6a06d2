const KEY = "[a-z*][a-z\\d_.*-]*";
const BARE = "(-?\\d{1,15}(\\.\\d{1,3})?|[A-Za-z*][\\w!#$%&'*+.^`|~:/-]*|:[\\w+/=]*:|\\?[01]|@-?\\d{1,15})";
const PARAMETERS = `(; *${KEY}(=${BARE})?)*`;
const ITEM = BARE + PARAMETERS;
const MEMBER = new RegExp(`^\\s*(${KEY})(=(${BARE}|\\( *(${ITEM}( +${ITEM})* *)?\\)))?${PARAMETERS}\\s*$`);
const STRINGS = /"([ !#-[\]-~]|\\["\\])*"|%"([ !#$&-~]|%[\da-f]{2})*"/g;

/**
 * Whether a `Tidemark` field has `v=1`; an invalid dictionary (RFC 9651) counts as absent. Spec: core,
 * CORE-CLAIM-6. A full dictionary parser would make up a tenth of a small client.
 */
export function isTidemark(field: string | null): boolean {
  let version: string | undefined;
  // Strings are removed first, because they may contain commas. If a key repeats, the last one counts.
  for (const member of (field ?? "").replace(STRINGS, "?1").split(",")) {
    const [, name, , value] = MEMBER.exec(member) ?? [];
    if (name === undefined) return false;
    if (name === "v") version = value;
  }
  return version === "1";
}
