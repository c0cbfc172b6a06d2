import { withoutUser } from "@tidemark/log/parts";
import { stringify } from "yaml";
import type { Resolved } from "./resolve-settings.ts";
import { flagOf, type Setting, variableOf } from "./setting.ts";

const HEAD = `# The settings of tidemark serve: value, where it was set, flag, variable.
# A flag wins over a variable, a variable over this file (--config, or TIDEMARK_CONFIG). Secrets are not shown.
`;

/** All settings as a file that \`--config\` can read. */
export function printConfig(
  groups: Readonly<Record<string, readonly Setting[]>>,
  all: readonly Resolved[],
): string {
  const by = new Map(all.map((resolved) => [resolved.setting.name, resolved]));
  const blocks = Object.entries(groups).map(([group, settings]) => {
    const lines = settings.flatMap(({ name }) => by.get(name) ?? []).map(lineOf);
    return [`\n# ${group}`, ...lines].join("\n");
  });
  return `${HEAD}${blocks.join("\n")}\n`;
}

function lineOf({ setting, value, source }: Resolved): string {
  const { name, otherwise = "not set", secret } = setting;
  const isHidden = secret === "all" && value !== undefined;
  const shown = value === undefined ? "" : ` ${stringify(visible(setting, value), FLOW).trim()}`;
  const line = isHidden ? `# ${name}: (secret)` : value === undefined ? `# ${name}:` : `${name}:${shown}`;
  const where = source ?? (value === undefined ? otherwise : "default");
  return `${line.padEnd(38)} # ${where} | ${flagOf(setting)} | ${variableOf(setting)}`;
}

/** One line for each value, also for a list. */
const FLOW = { lineWidth: 0, collectionStyle: "flow" } as const;

function visible({ secret }: Setting, value: NonNullable<Resolved["value"]>): unknown {
  return secret === "password" ? withoutUser(String(value)) : value;
}
