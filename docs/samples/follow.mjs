import { subscribe } from "@tidemark/client";
import { fileStore } from "@tidemark/client/file-store";

const messages = subscribe("http://localhost:3000/channels/news", {
  store: fileStore("news.cursor"), // the next run resumes from here
  onGap: () => "start", // messages were dropped: continue with the oldest one left
});

for await (const { event, data } of messages) {
  console.log(event ?? "message", data);
} // ends when the channel is closed
