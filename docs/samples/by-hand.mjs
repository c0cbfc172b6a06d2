// A long-polling client of one's own, without a package: what a port to another language comes down to.
const url = new URL("http://localhost:3000/channels/news");
const wait = 25;
let after = "start"; // or the cursor that was stored
let failures = 0;

for (;;) {
  try {
    const target = new URL(url);
    target.searchParams.set("after", after);
    target.searchParams.set("wait", String(wait));
    const askedAt = Date.now();
    const response = await fetch(target, {
      cache: "no-store",
      signal: AbortSignal.timeout((wait + 15) * 1000),
    });
    if (!response.headers.get("tidemark")?.includes("v=1")) throw new Error("not a Tidemark answer");
    if ([400, 403, 404, 405, 406, 410].includes(response.status)) {
      console.error("cannot go on", await response.json()); // 410 is a gap: decide where to begin anew
      break;
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    const page = await response.json();
    for (const message of page.messages) console.log(message.event ?? "message", message.data);
    const asked = after;
    after = page.cursor; // store it here
    if (page.closed) break;
    const early =
      page.messages.length === 0 &&
      !page.more &&
      page.retry === undefined &&
      !["start", "end"].includes(asked);
    if (early && Date.now() - askedAt < wait * 750) throw new Error("an empty answer before its time");
    failures = 0;
    if (page.retry !== undefined) await pause(page.retry);
  } catch (error) {
    console.error(error);
    failures += 1;
    await pause(Math.random() * Math.min(60_000, 500 * 2 ** failures));
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, Math.min(ms, 300_000)));
}
