import { DriverError, runServer } from "@tidemark/conformance";

const run = runServer({
  url: "http://localhost:3000/channels/{channel}",
  driver: {
    name: "our own API",
    async publish(channel, drafts) {
      for (const { event = "message", json } of drafts) {
        const api = `http://localhost:4000/${channel.name}?event=${event}`;
        const { status } = await fetch(api, { method: "PUT", body: json });
        if (status !== 204) throw new DriverError(`the API answers ${status}`);
      }
    },
  },
});

for await (const event of run) {
  if (event.type === "run-finished") console.log(event.report.verdict.line);
}
