/** Whether a channel's name matches a pattern. */
export type ChannelPattern = (channel: string) => boolean;

/** The most characters of a pattern: as many as the longest name has. */
const MAX_LENGTH = 256;

/**
 * Read a pattern for names of channels. `*` stands for any characters, also for none; everything else stands for
 * itself. `orders-*` matches `orders-` and `orders-7/eu`, and `*` matches every name.
 * @throws TypeError if it is empty or longer than 256 characters
 */
export function channelPattern(pattern: string): ChannelPattern {
  if (pattern === "" || pattern.length > MAX_LENGTH)
    throw new TypeError(
      `${JSON.stringify(pattern)} is not a pattern for channels: write 1 to 256 characters, for example orders-*`,
    );
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (channel) => channel === pattern;
  return (channel) => matches(channel, first, rest, last);
}

/** Take the first occurrence of each middle part, which is right because only `*` comes between them. */
function matches(channel: string, first: string, middle: readonly string[], last: string): boolean {
  if (channel.length < first.length + last.length) return false;
  if (!channel.startsWith(first) || !channel.endsWith(last)) return false;
  const end = channel.length - last.length;
  let at = first.length;
  for (const part of middle) {
    const found = channel.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Read a list of patterns; a name matches if it matches one of them. @throws TypeError */
export function channelPatterns(patterns: readonly string[]): ChannelPattern {
  const all = patterns.map(channelPattern);
  return (channel) => all.some((each) => each(channel));
}
