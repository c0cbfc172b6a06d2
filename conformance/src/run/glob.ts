/** A pattern in which `*` stands for any characters, slashes included, and `?` for one. */
export function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** The text fits one of the patterns; a pattern without wildcards also fits everything below it as a path. */
export function matchesAny(text: string, globs: readonly string[]): boolean {
  return globs.some(
    (glob) => globToRegExp(glob).test(text) || text.startsWith(`${glob.replace(/\/$/, "")}/`),
  );
}
