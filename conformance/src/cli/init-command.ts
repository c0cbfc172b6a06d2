import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { exampleConfig } from "../config/example.ts";
import { parseUrl } from "./server-flags.ts";

/** `init [file]`: write a commented configuration; one that is there stays. */
export function initCommand(): Command {
  return new Command("init")
    .description("write a commented configuration")
    .argument("[file]", "where to", "conformance.yaml")
    .option("--url <url>", "the server's", parseUrl, "http://127.0.0.1:3000/channels/{channel}")
    .option("--force", "write over a file that is there")
    .action((file: string, flags: { readonly url: string; readonly force?: boolean }, command: Command) => {
      if (existsSync(file) && !flags.force)
        command.error(`error: ${file} is there already; --force writes over it`);
      writeFileSync(file, exampleConfig(flags.url));
      process.stdout.write(`${file} is written; run: npx @tidemark/conformance server -c ${file}\n`);
    });
}
