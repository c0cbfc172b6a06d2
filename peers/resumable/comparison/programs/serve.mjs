// Serves a handler of web requests, and says on standard output where, and on request how much CPU time was used.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** `handle(request, id)`: POST /chat starts the run with this id, GET /chat/<id> resumes it. */
export function serve(handle) {
  const server = createServer(async (req, res) => {
    const { pathname } = new URL(req.url, "http://localhost");
    if (pathname === "/cpu") return res.end(JSON.stringify(process.cpuUsage()));
    const request = new Request(`http://localhost${req.url}`, { method: req.method, headers: req.headers });
    const response = await handle(request, pathname.split("/")[2]);
    res.writeHead(response.status, Object.fromEntries(response.headers)).flushHeaders();
    if (response.body === null) return res.end();
    // A reader that leaves ends the copy: that is what this comparison does all the time.
    await pipeline(Readable.fromWeb(response.body), res).catch(() => res.destroy());
  });
  server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
}
