/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many of `count` fall on one of equal `parts`: binomial, by its normal approximation where there are many. */
export function share(count: number, parts: number, random: () => number): number {
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

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let hits = 0;
  for (let product = random(); product > limit; product *= random()) hits += 1;
  return hits;
}
