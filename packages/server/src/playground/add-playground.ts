import { type Command, InvalidArgumentError } from "commander";
import { startPlayground } from "./start-playground.ts";

/** Add the command `playground`. `between` creates the parser of a whole number within bounds. */
export function addPlayground(
  command: Command,
  between: (least: number, most: number) => (text: string) => number,
): void {
  command
    .command("playground")
    .description("Show polling, long polling and SSE side by side in your browser, on this machine only")
    .option("-p, --port <number>", "port of the page; 0 picks a free one", between(0, 65_535), 0)
    .option(
      "--url <url>",
      "show this Tidemark channel or event stream instead, through the playground's proxy; nothing is published to it",
      readUrl,
    )
    .action(async (flags: { readonly port: number; readonly url?: URL }) => {
      const { url, close } = await startPlayground(flags);
      for (const signal of ["SIGINT", "SIGTERM"] as const)
        process.once(signal, () => {
          close().then(() => process.exit(0), fail);
        });
      console.log(`playground: open ${url}\nCtrl-C stops it; its messages are kept in memory only`);
    });
}

function fail(error: unknown): void {
  console.error("tidemark: the playground did not close:", error);
  process.exit(1);
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw new InvalidArgumentError("Expected an http or https URL without credentials.");
  return url;
}
