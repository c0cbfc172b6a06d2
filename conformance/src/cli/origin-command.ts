import { Command, InvalidArgumentError } from "commander";
import { duration, integerFrom } from "../engine/config/values.ts";
import { bytesInWords } from "../path/answer.ts";
import { ORIGIN_LIMITS } from "../path/origin/limits.ts";
import { type Origin, type OriginCounts, startOrigin } from "../path/origin/origin.ts";
import { TOKEN_PATTERN } from "../path/origin/token.ts";
import { onInterrupt } from "./process.ts";

interface OriginFlags {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly for: number;
}

/** `origin`: run the sender's end of a path in place of the server. */
export function originCommand(): Command {
  const command = new Command("origin")
    .description("run the sender's end of a path in place of your server, for `path`")
    .option("--port <n>", "the port to listen on; 0 selects a free one", integerFrom(0), 8080)
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option(
      "--token <token>",
      "a token of your own; also TIDEMARK_PATH_TOKEN (default: a new one)",
      parseToken,
    )
    .option("--for <time>", "end after 90s or 30m", duration, ORIGIN_LIMITS.lifetimeMs);
  return command.action(async (flags: OriginFlags) => {
    const token = flags.token ?? process.env.TIDEMARK_PATH_TOKEN;
    const { port, host } = flags;
    const started = startOrigin({
      port,
      host,
      ...(token === undefined ? {} : { token: parseToken(token) }),
      limits: { lifetimeMs: flags.for },
    });
    const origin = await started.catch((error: NodeJS.ErrnoException) =>
      command.error(`error: cannot listen on ${host}:${port} (${error.code ?? error.message})`),
    );
    await runUntilEnd(origin, host, flags.for);
  });
}

function parseToken(text: string): string {
  if (!TOKEN_PATTERN.test(text)) throw new InvalidArgumentError("16 to 80 letters, digits, - or _");
  return text;
}

async function runUntilEnd(origin: Origin, host: string, lifetimeMs: number): Promise<void> {
  const { port, token } = origin;
  process.stdout.write(`origin at http://${host}:${port} for ${Math.round(lifetimeMs / 60_000)} minutes
route to it what you route to your server, for example https://app.example.com/probe; then run, where your readers are:

  npx @tidemark/conformance path https://app.example.com/probe --token ${token}

bounded: ${ORIGIN_LIMITS.connections} connections, ${bytesInWords(ORIGIN_LIMITS.bytes)} of answers; without the token, every request is refused
`);
  const { signal, off } = onInterrupt();
  signal.addEventListener("abort", () => void origin.close());
  const reporting = setInterval(report, 1_000);
  let last = "";
  function report(): void {
    const line = refusalsOf(origin.counts);
    if (line !== last && line !== "") process.stdout.write(`${line}\n`);
    last = line;
  }
  await origin.closed;
  clearInterval(reporting);
  off();
  report();
  process.stdout.write(`answered ${origin.counts.answered} requests, ${bytesInWords(origin.counts.bytes)}\n`);
}

/** What was refused so far, in one line; empty if nothing was. */
export function refusalsOf(counts: OriginCounts): string {
  const parts = [
    [counts.withoutToken, "without a token"],
    [counts.wrongToken, "with a wrong token"],
    [counts.invalid, "with invalid instructions"],
    [counts.failed, "failed"],
    [counts.refusedConnections, "connections over the limit"],
    [counts.overBudget, "over the budget of bytes"],
    [counts.cutForSlowness, "cut, because the reader took nothing"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
  return said.length === 0 ? "" : `refused: ${said.join(", ")}`;
}
