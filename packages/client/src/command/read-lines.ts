/** The longest line, in UTF-16 units: servers refuse larger messages anyway. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * The lines of a stream, up to `most` at once: those that have arrived. Reads on only when more is asked for.
 * Throws the signal's reason when it aborts, also while no line arrives.
 */
export async function* readLines(
  input: NodeJS.ReadStream,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, void> {
  const stop = (): void => void input.destroy(signal.reason);
  signal.addEventListener("abort", stop);
  let rest = "";
  try {
    for await (const chunk of input.setEncoding("utf8")) {
      rest += chunk;
      if (rest.length > MAX_LINE) throw new Error(`a line has more than ${MAX_LINE} characters`);
      if (!chunk.includes("\n")) continue; // splitting a long line again and again would take long
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (let from = 0; from < lines.length; from += most) yield lines.slice(from, from + most);
    }
    if (rest !== "") yield [rest];
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
