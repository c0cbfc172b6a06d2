// The contract over HTTP, for adapters that only have an HTTP client, such as a page: it fetches orders and posts lines.
const carrier = new URL("/", globalThis.location?.href ?? "http://127.0.0.1/");

/** Connect an adapter to the suite at `base`: `tell` sends a line, `serve` calls the handlers of orders until `bye`. */
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
    posting = posting.then(post); // one request after the other, so that lines arrive in order
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
