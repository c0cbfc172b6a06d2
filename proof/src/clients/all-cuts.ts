// Cuts the answers of the reference server at every byte, under every split, and counts what each client loses.
// Usage: npm run cuts -w @tidemark/proof [mechanism]...
import { MESSAGES } from "./cut-server.ts";
import { CLIENTS, cutAll } from "./cuts.ts";

const wanted = process.argv.slice(2);
const startedAt = performance.now();
let bad = 0;
for (const [mechanism, subscribe] of Object.entries(CLIENTS)) {
  if (wanted.length > 0 && !wanted.includes(mechanism)) continue;
  const { cuts, lost, repeated, disordered } = await cutAll(subscribe, 1, (split) =>
    console.error(`${mechanism}: ${split} (${Math.round((performance.now() - startedAt) / 1000)} s)`),
  );
  bad += lost + repeated + disordered;
  const damage = `lost ${lost}, repeated ${repeated}, out of order ${disordered}`;
  console.log(`${mechanism}: ${MESSAGES} messages, ${cuts} cuts: ${damage}`);
}
process.exit(bad === 0 ? 0 : 1);
