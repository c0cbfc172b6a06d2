import { AnswerError, publish } from "@tidemark/client";

const url = "http://localhost:3000/channels/news";
const headers = { authorization: `Bearer ${process.env.PUBLISH_TOKEN}` };

const greetings = [
  { event: "greeting", data: { text: "hello" } },
  { event: "greeting", data: { text: "hi" } },
];
const { cursor } = await publish(url, greetings, { headers }); // appends all of them, or none

try {
  await publish(
    url,
    { data: "only if nobody was faster" },
    { headers, after: cursor },
  );
} catch (error) {
  if (!(error instanceof AnswerError && error.code === "not-at-end")) throw error;
  console.log("somebody was faster; the end is now", error.problem?.end);
}

// Closing is permanent: every reader's loop ends, and nobody can publish any more.
if (process.argv.includes("--close"))
  await publish(url, [], { headers, close: true });
