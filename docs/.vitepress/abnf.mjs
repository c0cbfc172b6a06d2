/** Syntax highlighting for ABNF (RFC 5234). */
export const abnf = {
  name: "abnf",
  scopeName: "source.abnf",
  patterns: [
    { name: "comment.line.semicolon.abnf", match: ";.*$" },
    { name: "string.quoted.double.abnf", match: '(?:%[si])?"[^"]*"' },
    { name: "constant.numeric.abnf", match: "%x[0-9A-Fa-f]+(?:[-.][0-9A-Fa-f]+)*" },
    { name: "entity.name.function.abnf", match: "^[A-Za-z][A-Za-z0-9-]*(?=\\s*=)" },
    { name: "support.type.abnf", match: "\\b(?:ALPHA|DIGIT|CRLF|CR|LF)\\b" },
  ],
};
