// Cuts a recorded stream of 200 messages at every byte, under every split, and counts what the SSE client loses.
// Usage: node --conditions=source --import tsx src/clients/all-cuts.ts
import { CutServer, MESSAGES, SPLITS, STREAM_BYTES } from "./cuts.ts";

const AT_ONCE = 64;
const server = new CutServer();
await server.listen();
const totals = { cuts: 0, lost: 0, repeated: 0, disordered: 0 };
for (const split of SPLITS) {
  const waiting = Array.from({ length: STREAM_BYTES + 1 }, (_, at) => at);
  const work = async (): Promise<void> => {
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { lost, repeated, disordered } = await server.read(at, split);
      totals.cuts += 1;
      totals.lost += lost;
      totals.repeated += repeated;
      totals.disordered += disordered;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`${split}: ${STREAM_BYTES + 1} cuts`);
}
server.close();
const { cuts, lost, repeated, disordered } = totals;
console.log(
  `${MESSAGES} messages, ${cuts} cuts: lost ${lost}, repeated ${repeated}, out of order ${disordered}`,
);
process.exit(lost + repeated + disordered === 0 ? 0 : 1);
