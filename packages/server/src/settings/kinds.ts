/** One value of a setting. */
export type Value = string | number | boolean;

/** What a setting can be. */
export interface Kind {
  /** What `--help` shows for the value; undefined for a flag that takes none. */
  readonly placeholder: string | undefined;
  /** Whether there can be several values. A variable separates them by spaces. */
  readonly isList: boolean;
  /** Read one value. @throws RangeError that says what is expected */
  parse(text: string): Value;
}

/** A whole number within bounds. */
export function whole(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
  placeholder: string = "<n>",
): Kind {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return {
    placeholder,
    isList: false,
    parse(text) {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= least && value <= most) return value;
      throw expected(`a whole number ${bounds}`, text);
    },
  };
}

/** A text that is not empty. */
export function text(placeholder: string): Kind {
  return { placeholder, isList: false, parse: notEmpty };
}

/** Several texts. */
export function list(placeholder: string): Kind {
  return { placeholder, isList: true, parse: notEmpty };
}

/** One of some words. */
export function choice(...words: readonly string[]): Kind {
  return {
    placeholder: `<${words.join("|")}>`,
    isList: false,
    parse(text) {
      if (words.includes(text)) return text;
      throw expected(words.join(" or "), text);
    },
  };
}

/** On or off. The flag takes no value; `--no-…` turns off what a variable or the file has turned on. */
export const SWITCH: Kind = {
  placeholder: undefined,
  isList: false,
  parse(text) {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw expected("true or false", text);
  },
};

function notEmpty(text: string): string {
  if (text !== "") return text;
  throw expected("a text", text);
}

/** Kubernetes sets variables like `TIDEMARK_PORT=tcp://10.0.0.1:80` for a service of the name `tidemark`. */
const SERVICE_LINK = /^tcp:\/\/.*:\d+$/;

function expected(what: string, text: string): RangeError {
  const hint = SERVICE_LINK.test(text)
    ? ". Kubernetes sets such variables for a service of this name: write enableServiceLinks: false"
    : "";
  return new RangeError(`expected ${what}, not ${JSON.stringify(text)}${hint}`);
}
