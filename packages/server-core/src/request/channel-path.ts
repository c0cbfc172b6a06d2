/** The longest name of a channel, in bytes of UTF-8. */
const MAX_NAME_BYTES = 256;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a name must not contain them
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Create a function that reads the channel's name from a path, for a pattern such as `/channels/:channel`. It returns
 * undefined for paths that do not match, and `null` for an invalid name.
 * @throws TypeError unless the pattern has exactly one segment `:channel`
 */
export function channelPath(pattern: string): (path: string) => string | null | undefined {
  const [prefix, suffix, ...rest] = pattern.split(":channel");
  if (!prefix?.endsWith("/") || suffix === undefined || rest.length > 0 || !/^(\/|$)/.test(suffix))
    throw new TypeError(`The path ${pattern} has to contain exactly one segment ":channel"`);
  return (path) => {
    if (!path.startsWith(prefix) || !path.endsWith(suffix)) return undefined;
    const segment = path.slice(prefix.length, path.length - suffix.length);
    return segment === "" || segment.includes("/") ? undefined : decodeName(segment);
  };
}

/** Names that need no decoding and no further check. */
const PLAIN = /^[\w.~-]{1,256}$/;

function decodeName(segment: string): string | null {
  if (PLAIN.test(segment)) return segment;
  try {
    const name = decodeURIComponent(segment);
    return CONTROL.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES ? null : name;
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
