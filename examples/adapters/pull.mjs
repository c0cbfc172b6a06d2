// The carrier of the contract for what has an HTTP client alone, such as a page: it fetches orders, and posts what it tells.
const carrier = new URL("/", globalThis.location?.href ?? "http://127.0.0.1/");

/** An adapter's way to the suite at `base`: `tell` takes lines, `serve` calls the handlers of orders until `bye`. */
export function connect(base = carrier) {
  let waiting = [];
  let posting = Promise.resolve();

  async function post() {
    const lines = waiting;
    waiting = [];
    if (lines.length === 0) return;
    const body = JSON.stringify(lines);
    const answer = await fetch(new URL("told", base), { method: "POST", body });
    if (!answer.ok) throw new Error(`the suite answered ${answer.status}: ${await answer.text()}`);
  }

  function tell(line) {
    waiting.push(line);
    posting = posting.then(post); // one after the other: what was told first arrives first
  }

  async function serve(handlers) {
    for (let from = 0; ; ) {
      const answer = await fetch(new URL(`orders?from=${from}`, base));
      const { orders } = await answer.json();
      from += orders.length;
      for (const order of orders) {
        if (order.type === "bye") return posting;
        handlers[order.type]?.(order);
      }
    }
  }

  return { tell, serve };
}
