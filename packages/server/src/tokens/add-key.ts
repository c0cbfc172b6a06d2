import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { stringify } from "yaml";
import { digestOf } from "./api-keys.ts";
import { readPermissions } from "./permissions.ts";

interface KeyFlags {
  readonly read?: readonly string[];
  readonly publish?: readonly string[];
  readonly remove?: readonly string[];
  readonly expires?: string;
}

/** Add `tidemark key` to the command. */
export function addKey(command: Command): void {
  command
    .command("key")
    .description("Make an API key: prints it once, and its entry for the file in --api-keys")
    .argument("<name>", "whose key it is; several keys can have one name")
    .option("--read <pattern...>", "channels that it may read, such as 'orders-*'")
    .option("--publish <pattern...>", "channels that it may publish to and close")
    .option("--remove <pattern...>", "channels that it may remove")
    .option("--expires <date>", "when it ends, such as 2027-01-31")
    .action(run);
}

function run(name: string, { read, publish, remove, expires }: KeyFlags): void {
  const permissions = { ...(read && { read }), ...(publish && { publish }), ...(remove && { remove }) };
  readPermissions(permissions, name);
  if (expires !== undefined && Number.isNaN(Date.parse(expires)))
    throw new RangeError(`--expires: expected a date such as 2027-01-31, not ${JSON.stringify(expires)}`);
  const key = `tmk_${randomBytes(32).toString("base64url")}`;
  const entry = { name, sha256: digestOf(key), ...permissions, ...(expires !== undefined && { expires }) };
  console.error("The key, which is shown only here, is on the first line. Add the rest to the file of keys:");
  console.log(`${key}\n${stringify([entry], { lineWidth: 0 }).trimEnd()}`);
}
