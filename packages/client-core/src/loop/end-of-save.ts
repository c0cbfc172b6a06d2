import { onAbort } from "../network/on-abort.ts";

/** How long a stopped subscription waits for its store, in milliseconds. */
const GRACE_MS = 500;

/** Wait for a save, but not long after a stop: a store may never settle. Rejects then with the signal's reason. */
export async function endOfSave(saving: Promise<void>, signal: AbortSignal): Promise<void> {
  let leave = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    leave = onAbort(signal, () => {
      timer = setTimeout(() => reject(signal.reason), GRACE_MS);
    });
  });
  try {
    await Promise.race([saving, late]);
  } finally {
    leave();
    clearTimeout(timer);
  }
}
