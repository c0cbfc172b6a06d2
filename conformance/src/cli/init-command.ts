import { existsSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { exampleConfig } from "../suites/tidemark/server/config/example.ts";
import { parseUrl } from "./server-flags.ts";

/** `init [file]`: write a commented configuration; an existing file stays unless `--force` is given. */
export function initCommand(): Command {
  return new Command("init")
    .description("write a commented configuration")
    .argument("[file]", "the file to write", "conformance.yaml")
    .option("--url <url>", "the server's URL", parseUrl, "http://127.0.0.1:3000/channels/{channel}")
    .option("--force", "overwrite an existing file")
    .action((file: string, flags: { readonly url: string; readonly force?: boolean }, command: Command) => {
      if (existsSync(file) && !flags.force)
        command.error(`error: ${file} already exists; use --force to overwrite it`);
      writeFileSync(file, exampleConfig(flags.url));
      process.stdout.write(`wrote ${file}; now run: npx @tidemark/conformance server -c ${file}\n`);
    });
}
