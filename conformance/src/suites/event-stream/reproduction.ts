import { curlLine } from "../../engine/wire/curl.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import { header } from "../../engine/wire/headers.ts";
import type { ExtraHeader } from "../../engine/wire/secrets.ts";

/** What failed, and where. */
export interface Fault {
  /** The first sentence that is not met. */
  readonly requirement: string;
  /** The request that shows it. */
  readonly blamed: Exchange;
  readonly witness: Exchange;
  /** Requests that published something. */
  readonly publishes: ReadonlySet<Exchange>;
  /** The user's header fields, whose secrets are not printed. */
  readonly extra: readonly ExtraHeader[];
}

/** How long a printed `curl` command reads a stream, in seconds; a silence takes longer. */
const READ_S = 10;
const SILENCE_S = 40;

/** How many messages a printed burst has. */
const BURST = 20;

const TWO_READERS: ReadonlySet<string> = new Set(["ES-RESUME-3", "ES-LIFE-4", "ES-LIFE-5"]);
const RESUMES: ReadonlySet<string> = new Set(["ES-RESUME-3", "ES-RESUME-6", "ES-END-3"]);

/** Shell commands that show a fault to somebody who has only `curl`: with new ids, since old ones may be gone. */
export function reproductionOf(fault: Fault): string {
  const { requirement, blamed, witness, publishes, extra } = fault;
  const lastId = header(blamed.request.headers, "last-event-id");
  if (publishes.has(blamed)) return beside(read(witness, extra), publishLine(blamed, extra));
  const [published] = [...publishes].slice(-1);
  const isOwnFeed = witness.request.method === "GET";
  if (requirement === "ES-RESUME-2" && published)
    return beside(
      read(witness, extra),
      `for n in $(seq ${BURST}); do ${publishLine(published, extra, false)} & done`,
    );
  if (lastId !== undefined && RESUMES.has(requirement) && isOwnFeed) return resume(fault, lastId);
  if (TWO_READERS.has(requirement) && isOwnFeed) return twoReaders(fault, published);
  const isShort = blamed.ending === "complete" && (blamed.endedAtMs ?? 0) < SHORT_MS;
  const line = curlLine(blamed.request, {
    extra,
    ...(isShort ? {} : { maxTimeS: requirement === "ES-LIFE-1" ? SILENCE_S : READ_S }),
  });
  if (requirement === "ES-OPEN-4") return `${line} -o /dev/null -w 'head after %{time_starttransfer} s\n'`;
  if (requirement === "ES-OPEN-11") return line.replace(/ -H 'Accept-Encoding: [^']*'/, " --compressed");
  return line;
}

/** A response that was over so soon needs no limit. */
const SHORT_MS = 5_000;

function read({ request }: Exchange, extra: readonly ExtraHeader[], maxTimeS = READ_S): string {
  return curlLine(request, { extra, include: false, maxTimeS });
}

function publishLine({ request }: Exchange, extra: readonly ExtraHeader[], include = true): string {
  return curlLine(request, { extra, include });
}

/** Do something while a reader reads. */
function beside(reader: string, line: string): string {
  return [`${reader} &`, "sleep 1", line, "wait"].join("\n");
}

/** Two readers of one feed, the second a second later. */
function twoReaders({ witness, extra }: Fault, published: Exchange | undefined): string {
  const named = (name: string, seconds: number): string =>
    `${read(witness, extra, seconds)} | sed 's/^/${name} /' &`;
  const more = published ? ["sleep 1", publishLine(published, extra, false)] : [];
  return [named("first: ", READ_S), "sleep 1", named("second:", READ_S - 2), ...more, "wait"].join("\n");
}

/** Read, miss some events, and resume after the last id. */
function resume({ blamed, witness, publishes, extra }: Fault, lastId: string): string {
  const [published] = [...publishes].slice(-1);
  const publish = published ? publishLine(published, extra, false) : undefined;
  const take = "sed -n 's/^id: \\{0,1\\}//p' | tr -d '\\r' | tail -n 1";
  const reader = `${read(witness, extra, 5)} | ${take}`;
  const id = publish ? `id=$( (sleep 1; ${publish}) & ${reader})` : `id=$(${reader})`;
  const variables = new Map([[lastId, "id"]]);
  const again = curlLine(blamed.request, { extra, maxTimeS: READ_S, variables });
  return [id, `echo "last id: $id"`, ...(publish ? [publish] : ["sleep 3"]), again].join("\n");
}
