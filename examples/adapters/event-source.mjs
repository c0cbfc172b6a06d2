// undici's EventSource, which Node also uses.
import { createRequire } from "node:module";
import { EventSource } from "undici";
import { createEventSourceAdapter, eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const { version } = createRequire(import.meta.url)("undici/package.json");

tell(eventSourceHello("undici EventSource", version));
await serve(createEventSourceAdapter(tell, (url) => new EventSource(url)));
