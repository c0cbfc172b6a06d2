// Starts a broken or an unusual server of event streams, to see what the suite reports about it:
//   npm run stream -w @tidemark/proof -- sends-the-last-again
import { PLAIN } from "./behavior.ts";
import { STREAM_MUTANTS } from "./mutants/all.ts";
import { STREAM_ODDITIES } from "./oddities/all.ts";
import { startStreams } from "./server.ts";

const [id = "plain-history"] = process.argv.slice(2);
const subject = [...STREAM_MUTANTS, ...STREAM_ODDITIES].find((one) => one.id === id);
if (!subject) throw new RangeError(`no server has the id ${id}`);
const { url, publishUrl } = await startStreams(subject.kind, { ...PLAIN[subject.kind], ...subject.changes });
console.log(`${subject.title}: listening on ${url}`);
console.log(`publish: ${publishUrl}`);
