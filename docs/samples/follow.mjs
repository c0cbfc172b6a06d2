import { subscribe } from "@tidemark/client";
import { fileStore } from "@tidemark/client/file-store";

const messages = subscribe("http://localhost:3000/channels/news", {
  store: fileStore("news.cursor"), // a later run goes on from here
  onGap: () => "start", // messages were dropped: go on with the oldest left
});

for await (const { event, data } of messages) {
  console.log(event ?? "message", data);
} // goes on until the channel is closed
