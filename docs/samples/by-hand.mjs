const channel = "http://localhost:3000/channels/news";
const wait = 25; // at most the server's max-wait
let after = "start"; // or a stored cursor
let failures = 0;
let retryAfter = 0;

/** An answer that a retry cannot fix. */
class Refused extends Error {}

/** One long poll. */
async function ask() {
  const response = await fetch(`${channel}?after=${after}&wait=${wait}`, {
    cache: "no-store",
    signal: AbortSignal.timeout((wait + 15) * 1000),
  });
  retryAfter = Number(response.headers.get("retry-after") ?? 0) * 1000;
  // Any other answer is from a portal or a proxy, and says nothing about the channel.
  if (!/(^|,)\s*v=1\b/.test(response.headers.get("tidemark") ?? ""))
    throw new Error("not a Tidemark answer");
  // 410 is a gap: decide where to continue. The bodies of the others say what is wrong.
  if ([400, 401, 403, 404, 405, 406, 410].includes(response.status))
    throw new Refused(await response.text());
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

for (;;) {
  const askedAt = Date.now();
  try {
    const page = await ask();
    for (const { event, data } of page.messages)
      console.log(event ?? "message", data);
    const wasHeld = after !== "start" && after !== "end";
    after = page.cursor; // store the cursor here
    if (page.closed) break;
    const isNews =
      page.messages.length > 0 || page.more || page.gap || "retry" in page;
    if (wasHeld && !isNews && Date.now() - askedAt < wait * 750)
      throw new Error("an empty answer came too early"); // prevents a tight loop
    failures = 0;
    await pause(page.retry ?? 0);
  } catch (error) {
    if (error instanceof Refused) throw error;
    failures += 1;
    const backoff = Math.random() * Math.min(60_000, 500 * 2 ** failures);
    await pause(Math.max(retryAfter, backoff));
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, Math.min(ms, 300_000)));
}
