// The link of a page; what it calls is put into the page by chromium.ts.
import type { Link, Told } from "./lines.ts";

const page = globalThis as unknown as { sendOrder(line: string): void };
const link: Link = { send: (order) => page.sendOrder(JSON.stringify(order)), onTold: () => {} };
Object.assign(globalThis, {
  hostLink: link,
  tellTests: (told: Told) => link.onTold(told),
  UVU_DEFER: 1,
  UVU_QUEUE: [[]],
  // The next turn of the event loop, as Node calls it.
  setImmediate: (callback: () => void) => setTimeout(callback, 0),
});
