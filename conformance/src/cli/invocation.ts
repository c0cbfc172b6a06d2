import type { ServerOptions } from "../engine/run/options.ts";
import type { ExtraHeader } from "../engine/wire/secrets.ts";
import { quote } from "../engine/wire/shell.ts";
import type { ServerFlags } from "./server-flags.ts";

/**
 * The arguments that repeat a run on the same target, without its choice of tests. Secrets are named by their
 * variables, never written out.
 */
export function invocationOf(url: string | undefined, flags: ServerFlags, options: ServerOptions): string[] {
  return [
    "server",
    ...targetOf(url, flags),
    ...(flags.strict ? ["--strict"] : []),
    ...(options.seed === undefined ? [] : ["--seed", String(options.seed)]),
  ];
}

/** The command that checks the same target with the doctor. */
export function doctorCommandOf(url: string | undefined, flags: ServerFlags): string {
  return ["npx", "@tidemark/conformance", "doctor", ...targetOf(url, flags)].map(quote).join(" ");
}

/** The arguments that name the target and how to reach it. */
function targetOf(url: string | undefined, flags: ServerFlags): string[] {
  return [
    ...(url === undefined ? [] : [withoutUserInfo(url)]),
    ...(flags.config === undefined ? [] : ["--config", flags.config]),
    ...(flags.header ?? []).flatMap((header) => ["--header", headerArgument(header)]),
    ...(flags.grade === undefined ? [] : ["--grade", flags.grade]),
    ...(flags.control === undefined ? [] : ["--control", flags.control]),
    ...(flags.insecure ? ["--insecure"] : []),
  ];
}

/** The command that repeats one test. */
export function replayCommand(invocation: readonly string[], test: string): string {
  return ["npx", "@tidemark/conformance", ...invocation, "--run", test].map(quote).join(" ");
}

function headerArgument({ name, value, variable, secrets }: ExtraHeader): string {
  const [secret] = secrets;
  return `${name}: ${secret === undefined ? value : value.replace(secret, `env:${variable ?? "SECRET"}`)}`;
}

function withoutUserInfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
