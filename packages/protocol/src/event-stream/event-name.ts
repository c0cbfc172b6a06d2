// "error" and "open" would collide with events that a browser's EventSource fires by itself.
const EVENT_NAME = /^(?!(?:error|open)$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** Whether a publisher may use this name for a message; names that start with `$` belong to the protocol. */
export function isEventName(text: string): boolean {
  return EVENT_NAME.test(text);
}
