import type { Summary } from "./summary.ts";

/** `2 advices`; nothing if there are none. */
export function counted(count: number, one: string, several: string = one): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
}

/** `4 need a second feed`: each of these sentences that was not checked, once, by its first reason. */
export function unchecked(
  requirements: Summary["requirements"],
  reasons: Readonly<Record<string, string>>,
): string[] {
  const counts = new Map<string, number>();
  for (const { standing, why } of requirements) {
    if (standing !== "unverified") continue;
    const phrase = reasons[why[0] ?? ""] ?? "not checked";
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  return [...counts].map(([phrase, count]) => `${count} ${phrase}`);
}
