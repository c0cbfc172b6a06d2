/** The offset is one more than the last update, and confirms all before it. */
export function response(_mechanism, { status, text }) {
  if (status !== 200) return undefined;
  const after = (update) => ({ position: String(update.update_id + 1) });
  const updates = JSON.parse(text).result;
  const last = updates.at(-1);
  return {
    position: last && after(last),
    messages: updates
      .filter(({ message }) => message?.text !== undefined)
      .map((update) => ({ payload: update.message.text, position: after(update) })),
  };
}
