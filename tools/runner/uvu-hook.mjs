// A module hook: test files that import "uvu" get `uvu.mjs`, which adds names, times and limits to uvu's own functions.
const instrumented = new URL("uvu.mjs", import.meta.url).href;

export function resolve(specifier, context, nextResolve) {
  if (specifier === "uvu" && context.parentURL !== instrumented)
    return { url: instrumented, shortCircuit: true };
  return nextResolve(specifier, context);
}
