// Writes docs/curl.md: every exchange of the protocol with plain curl, recorded on the wire.
//   node docs/scripts/curl.mjs           run the exchanges against the reference server and write the page
//   node docs/scripts/curl.mjs --check   run them and fail if the page differs
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { recordExchanges } from "./exchanges.mjs";
import { startServer } from "./reference-server.mjs";
import { normalize, render } from "./transcript.mjs";

const page = fileURLToPath(new URL("../curl.md", import.meta.url));
const server = await startServer();
try {
  const text = render(await recordExchanges(server.url));
  if (process.argv.includes("--check")) {
    const written = await readFile(page, "utf8");
    if (normalize(written) !== normalize(text)) {
      console.error(`docs/curl.md is out of date: run node docs/scripts/curl.mjs\n\n${text}`);
      process.exitCode = 1;
    }
  } else {
    await writeFile(page, text);
  }
} finally {
  server.stop();
}
