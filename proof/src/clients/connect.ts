import type { ConnectAdapter, Order, Told } from "@tidemark/conformance";

/** An adapter's handler for each type of order. */
export type Handlers = Readonly<Record<string, (order: never) => void>>;

/** Run an adapter in this process; orders and reports pass through JSON, as on a pipe. */
export function connectInProcess(
  hello: Told,
  make: (tell: (line: Told) => void) => Handlers,
): ConnectAdapter {
  return (listener) => {
    let open = true;
    const tell = (line: Told): void => {
      const value: unknown = JSON.parse(JSON.stringify(line));
      if (open) setImmediate(() => listener.told(value));
    };
    const handlers = make(tell);
    tell(hello);
    return {
      send(order: Order): void {
        handlers[order.type]?.(JSON.parse(JSON.stringify(order)) as never);
      },
      async close(): Promise<void> {
        open = false;
      },
    };
  };
}
