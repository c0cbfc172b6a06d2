/** Read a stream until its text matches, or it ends; returns the text. */
export async function readUntil(
  url: string,
  pattern: RegExp,
  headers: Readonly<Record<string, string>> = {},
  limitMs = 20_000,
): Promise<string> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  let text = "";
  try {
    const response = await fetch(url, {
      headers: { Accept: "text/event-stream", ...headers },
      signal: abort.signal,
    });
    if (!response.body) return text;
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (pattern.test(text)) break;
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
  return text;
}
