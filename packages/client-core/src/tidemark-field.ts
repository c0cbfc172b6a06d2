const KEY = "[a-z*][a-z\\d_.*-]*";
const BARE = "(-?\\d{1,15}(\\.\\d{1,3})?|[A-Za-z*][\\w!#$%&'*+.^`|~:/-]*|:[\\w+/=]*:|\\?[01]|@-?\\d{1,15})";
const PARAMETERS = `(; *${KEY}(=${BARE})?)*`;
const ITEM = BARE + PARAMETERS;
const MEMBER = new RegExp(`^\\s*(${KEY})(=(${BARE}|\\( *(${ITEM}( +${ITEM})* *)?\\)))?${PARAMETERS}\\s*$`);
const STRINGS = /"([ !#-[\]-~]|\\["\\])*"|%"([ !#$&-~]|%[\da-f]{2})*"/g;

/**
 * Whether a `Tidemark` field has `v=1`; what is no dictionary of RFC 9651 is no field. Spec: core, CORE-CLAIM-6.
 * A parser of dictionaries would be a tenth of a small client.
 */
export function isTidemark(field: string | null): boolean {
  let version: string | undefined;
  // Without the strings, and the commas in them; of equal names, the last counts.
  for (const member of (field ?? "").replace(STRINGS, "?1").split(",")) {
    const [, name, , value] = MEMBER.exec(member) ?? [];
    if (name === undefined) return false;
    if (name === "v") version = value;
  }
  return version === "1";
}
