const KEY = "[a-z*][a-z\\d_.*-]*";
/** A string or a display string. */
const STRING = '(?:"(?:[ !#-[\\]-~]|\\\\["\\\\])*"|%"(?:[ !#$&-~]|%[\\da-f]{2})*")';
const TOKEN = "[A-Za-z*][\\w!#$%&'*+.^`|~:/-]*";
const BARE = `(?:-?\\d{1,15}(?:\\.\\d{1,3})?|${STRING}|${TOKEN}|:[\\w+/=]*:|\\?[01]|@-?\\d{1,15})`;
const PARAMETERS = `(?:; *${KEY}(?:=${BARE})?)*`;
const ITEM = BARE + PARAMETERS;
const INNER_LIST = `\\( *(?:${ITEM}(?: +${ITEM})* *)?\\)`;
const MEMBER = `${KEY}(?:=(?:${BARE}|${INNER_LIST}))?${PARAMETERS}`;

/** A dictionary of RFC 9651. A parser of it would be a tenth of a small client. */
const DICTIONARY = new RegExp(`^ *${MEMBER}(?:[ \\t]*,[ \\t]*${MEMBER})* *$`);

/** Whether a `Tidemark` field has `v=1`; what is no dictionary is no field. Spec: core, CORE-CLAIM-6. */
export function isTidemark(field: string | null): boolean {
  const text = field ?? "";
  const version = text.replace(new RegExp(STRING, "g"), "").match(/.*(?:^|,)[ \t]*v(?:=([^,;]*))?(?:[,;]|$)/);
  return DICTIONARY.test(text) && version?.[1]?.trim() === "1";
}
