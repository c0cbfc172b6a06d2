import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { ConfigError } from "../../../engine/config/source-file.ts";
import type { ClientOptions } from "./client-options.ts";
import { pullAdapter } from "./pull-adapter.ts";

/** The flags that name the adapter. */
export interface CarrierFlags {
  readonly adapter?: string;
  readonly listen?: number;
  readonly page?: string;
}

/** What the runner needs to know about the adapter, and the arguments that name it on a command line. */
export interface Carrier extends Pick<ClientOptions, "adapter" | "inBrowser"> {
  readonly words: readonly string[];
}

/** The adapter that the flags name. @throws {ConfigError} when they name none, or its page cannot be read */
export function carrierOf({ adapter, listen, page }: CarrierFlags): Carrier {
  if (page !== undefined && listen === undefined) throw new ConfigError("--page needs --listen");
  if (adapter !== undefined) return { adapter, words: ["--adapter", adapter] };
  if (listen === undefined)
    throw new ConfigError('no client given; use --adapter "<command>", or --listen for a page');
  if (page !== undefined) assertReadable(page);
  const pull = pullAdapter({
    port: listen,
    ...(page === undefined ? {} : { script: () => readFile(page, "utf8") }),
    onListening: (url) => console.error(`waiting for the adapter: open ${url}`),
  });
  const port = listen === 0 ? [] : [`${listen}`];
  return {
    adapter: pull,
    inBrowser: true,
    words: ["--listen", ...port, ...(page === undefined ? [] : ["--page", page])],
  };
}

function assertReadable(page: string): void {
  try {
    accessSync(page, constants.R_OK);
  } catch (error) {
    throw new ConfigError(`${page}: ${error instanceof Error ? error.message : error}`);
  }
}
