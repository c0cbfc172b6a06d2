/** A watch is a list of JSON documents, one a line, and each has the position behind it. */
export function response(_mechanism, { status, text }) {
  if (status !== 200) return undefined;
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const last = events.at(-1)?.object.metadata?.resourceVersion;
  return {
    loss: events.some(({ type, object }) => type === "ERROR" && object.code === 410),
    position: last === undefined ? undefined : { position: last },
    messages: events
      .filter(({ type }) => type === "ADDED")
      .map(({ object }) => ({
        payload: object.data.payload,
        position: { position: object.metadata.resourceVersion },
      })),
  };
}
