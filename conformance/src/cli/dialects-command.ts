import { Command } from "commander";
import { MECHANISMS } from "../suites/delivery/dialect/dialect.ts";
import { dialectNames, type LoadedDialect, loadDialect } from "../suites/delivery/dialect/load.ts";

/** `dialects`: the dialects of this package, and against which server each was run. */
export function dialectsCommand(): Command {
  return new Command("dialects")
    .description("list the dialects of `delivery`")
    .option("--json", "print JSON")
    .action(async (flags: { readonly json?: boolean }) => {
      const all = await Promise.all(dialectNames().map(loadDialect));
      process.stdout.write(flags.json ? `${JSON.stringify(all.map(asData), undefined, 2)}\n` : textOf(all));
    });
}

function asData({ name, dialect }: LoadedDialect): object {
  const { title, source, tested = null, promises = {} } = dialect;
  return { name, title, mechanisms: mechanismsOf(dialect), tested, source, promises };
}

function textOf(all: readonly LoadedDialect[]): string {
  const lines = all.flatMap(({ name, dialect }) => [
    `${name}: ${dialect.title}`,
    `  ${mechanismsOf(dialect).join(", ")} · ${dialect.tested === undefined ? "an example that was not run" : `run against ${dialect.tested}`}`,
    `  ${dialect.source}`,
  ]);
  const run = all.filter(({ dialect }) => dialect.tested !== undefined).length;
  return `${[...lines, `${all.length} dialects, ${run} of them run against a server`].join("\n")}\n`;
}

function mechanismsOf(dialect: LoadedDialect["dialect"]): readonly string[] {
  return MECHANISMS.filter((one) => dialect[one] !== undefined);
}
