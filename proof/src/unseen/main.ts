// Serve one mutant of `proof/unseen` until SIGINT or SIGTERM, and print its address.
// Usage: npm run unseen -w @tidemark/proof -- <id> [options of the server]
//        npm run unseen -w @tidemark/proof              lists the ids
import { serveUnseen } from "./serve-unseen.ts";
import { SERVERS, unseenMutant, unseenMutants } from "./unseen-mutants.ts";

async function list(): Promise<void> {
  for (const server of SERVERS)
    for (const { id, wrong } of await unseenMutants(server)) console.log(`${server}  ${id}: ${wrong}`);
}

async function serve(id: string, options: readonly string[]): Promise<void> {
  const served = await serveUnseen(await unseenMutant(id), options);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      void served.close().then(() => process.exit(0));
    });
  console.log(served.url);
}

const [id, ...options] = process.argv.slice(2);
await (id === undefined ? list() : serve(id, options));
