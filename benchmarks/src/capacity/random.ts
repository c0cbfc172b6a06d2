import type { Random } from "../../../conformance/src/engine/run/context.ts";

/** How many of `count` items fall into one of `parts` equal parts: binomial, with a normal approximation for large means. */
export function share(count: number, parts: number, random: Random): number {
  const mean = count / parts;
  if (mean < 30) {
    if (count > 10_000) return poisson(mean, random);
    let hits = 0;
    for (let i = 0; i < count; i += 1) if (random() * parts < 1) hits += 1;
    return hits;
  }
  const deviation = Math.sqrt(mean * (1 - 1 / parts));
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(0, Math.round(mean + deviation * normal));
}

function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let hits = 0;
  for (let product = random(); product > limit; product *= random()) hits += 1;
  return hits;
}
