// The link of a page. run-page.ts puts the function `sendOrder` into the page.
import type { Link, Told } from "./lines.ts";

const page = globalThis as unknown as { sendOrder(line: string): void };
const link: Link = { send: (order) => page.sendOrder(JSON.stringify(order)), onTold: () => {} };
Object.assign(globalThis, {
  hostLink: link,
  tellTests: (told: Told) => link.onTold(told),
  UVU_DEFER: 1,
  UVU_QUEUE: [[]],
  // Node's name for the next turn of the event loop.
  setImmediate: (callback: () => void) => setTimeout(callback, 0),
});
