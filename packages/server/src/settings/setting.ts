import type { Kind, Value } from "./kinds.ts";

/** A setting of `tidemark serve`. Flag, variable and key in the file have the same name. */
export interface Setting {
  /** As in the flag and in the file, for example `retain-age`. */
  readonly name: string;
  /** A flag of one letter. */
  readonly short?: string;
  readonly kind: Kind;
  /** For `--help` and for the table in the guide. */
  readonly help: string;
  /** Used if it is set nowhere. */
  readonly preset?: Value;
  /** What is used if there is no preset, for people. */
  readonly otherwise?: string;
  /** Is never printed: all of it, or the password in an address. */
  readonly secret?: "all" | "password";
  /** Checks that the kind cannot make. @throws an error that says what is wrong */
  check?(value: Value | readonly Value[]): void;
}

/** The variable that sets a setting. */
export function variableOf({ name }: Setting): string {
  return `TIDEMARK_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** The property in which commander and our code keep it: `retainAge`. */
export function propertyOf({ name }: Setting): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The flag with its value, as `--help` shows it. */
export function flagOf({ name, short, kind }: Setting): string {
  const { placeholder, isList } = kind;
  const value =
    placeholder === undefined ? "" : ` ${isList ? placeholder.replace(/>$/, "...>") : placeholder}`;
  return `${short === undefined ? "" : `-${short}, `}--${name}${value}`;
}
