/** Compile a pattern: `*` matches any characters, including slashes, and `?` matches one character. */
export function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** Whether the text matches one of the patterns. A pattern also matches every path below it. */
export function matchesAny(text: string, globs: readonly string[]): boolean {
  return globs.some(
    (glob) => globToRegExp(glob).test(text) || text.startsWith(`${glob.replace(/\/$/, "")}/`),
  );
}
