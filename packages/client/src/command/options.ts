export const HELP = `Usage: tidemark-client follow <url> [options]
       tidemark-client publish <url> [json...] [options]

follow    print the messages of a channel, or the events of any event stream
  --from <position>      start, end or a cursor; for an event stream, the last event id (default: start)
  --mechanism <name>     auto, sse, long-polling or polling for a channel; event-stream for a stream of
                         any other server, which auto also recognises by its answer (default: auto)
  --store <file>         save in this file how far it has printed, and resume from there
  --on-gap <position>    start or end: where to continue after lost messages (default: exit with 1)
  --once                 exit when an event stream ends; without it, reconnect as browsers do
  --json                 print JSON lines on a terminal too, without colours
publish   append the messages together, or the lines of the standard input one after the other;
          print their cursors
  --event <name>         event name of the messages
  --close                then close the channel permanently
both
  --header <name:value>  request header; can be repeated
  --give-up <seconds>    how long to retry without success (default: follow forever, publish 30)
  --help                 print this text

Before the server has answered once, follow does not retry a refused connection or a wrong answer.
Messages and cursors go to the standard output, everything else to the standard error.
Exit codes: 0 the channel or stream has ended, or everything is published; 1 failed; 2 wrong usage;
130 interrupted by Ctrl-C, 143 by SIGTERM: follow then prints where to resume.`;

export const OPTIONS = {
  from: { type: "string" },
  mechanism: { type: "string", default: "auto" },
  store: { type: "string" },
  "on-gap": { type: "string" },
  once: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  event: { type: "string" },
  close: { type: "boolean", default: false },
  header: { type: "string", multiple: true },
  "give-up": { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The options that only one command has. */
export const ONLY = {
  follow: ["from", "mechanism", "store", "on-gap", "once", "json"],
  publish: ["event", "close"],
} as const;
