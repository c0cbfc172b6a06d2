// npm install @tidemark/client
import { subscribe } from "@tidemark/client";

interface Price {
  readonly symbol: string;
  readonly price: number;
}

function readPrice(data: unknown): Price {
  const { symbol, price } = data as Partial<Price>;
  if (typeof symbol === "string" && typeof price === "number")
    return { symbol, price };
  throw new TypeError(`not a price: ${JSON.stringify(data)}`);
}

for await (const { data } of subscribe("http://localhost:3000/channels/prices")) {
  const { symbol, price } = readPrice(data);
  console.log(symbol, price.toFixed(2));
}
