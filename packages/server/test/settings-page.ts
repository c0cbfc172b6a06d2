import { SETTINGS } from "../src/settings/serve-settings.ts";
import { flagOf, type Setting, variableOf } from "../src/settings/setting.ts";

/** The page that {@link settingsPage} makes. */
export const SETTINGS_PAGE: URL = new URL("../../../docs/guide/settings.md", import.meta.url);

const HEAD = `# Settings of the command

Each setting of \`tidemark serve\` is a flag, a variable and a key in a file, with the same name: \`--retain-age 60\`, \`TIDEMARK_RETAIN_AGE=60\`, \`retain-age: 60\`. A flag wins over a variable, a variable over the file. \`--config tidemark.yaml\` (or \`TIDEMARK_CONFIG\`) names the file, in YAML or JSON.

- A list is several words after the flag, words separated by spaces in the variable, and a list in the file.
- A switch is \`true\` or \`false\`; \`no-\` before the name of its flag turns off what the file has turned on.
- \`tidemark serve --print-config\` prints all settings and where each was set, without secrets. What it prints is a file that \`--config\` can read.
- All invalid settings are reported together, each with the place where it was set. An unknown key in the file, and a variable that differs from one of ours by a typing error, are errors too.
- In Kubernetes, write \`enableServiceLinks: false\`: for a service with the name \`tidemark\`, Kubernetes sets \`TIDEMARK_PORT\` to an address.
`;

/** The page of the guide with all settings. */
export function settingsPage(): string {
  const tables = Object.entries(SETTINGS).map(([group, settings]) => {
    const rows = settings.map(rowOf);
    return [`\n## ${group}\n`, "| flag and key | variable | default | |", "|---|---|---|---|", ...rows].join(
      "\n",
    );
  });
  return `${HEAD}${tables.join("\n")}\n`;
}

function rowOf(setting: Setting): string {
  const { preset, otherwise, help } = setting;
  const standard = otherwise ?? (preset === undefined ? "" : `\`${preset}\``);
  const cells = [`\`${flagOf(setting)}\``, `\`${variableOf(setting)}\``, standard, capitalized(help)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
