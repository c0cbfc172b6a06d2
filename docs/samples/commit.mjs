import { GapError, subscribe } from "@tidemark/client";
import { fileStore } from "@tidemark/client/file-store";

const orders = subscribe("http://localhost:3000/channels/news", {
  store: fileStore("orders.cursor"),
  commit: "manual",
  mechanism: "long-polling",
});

try {
  let batch = [];
  for await (const order of orders) {
    batch.push(order.data);
    if (batch.length < 2) continue;
    console.log("stored", batch); // for example, in a database
    await orders.commit(); // commits this message and all before it
    batch = [];
  }
} catch (error) {
  if (!(error instanceof GapError)) throw error;
  console.error("some orders are no longer available:", error.gap);
}
