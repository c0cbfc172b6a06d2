import { parseExtraHeader, runServer } from "@tidemark/conformance";

const run = runServer({
  url: "http://localhost:3000/channels/{channel}",
  headers: [parseExtraHeader("Authorization: env:TOKEN", process.env)],
  budgetMs: 90_000,
});

for await (const event of run) {
  if (event.type === "run-finished") console.log(event.report.verdict.line);
}
