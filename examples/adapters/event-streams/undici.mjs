// undici's EventSource, which Node also uses.
import { createRequire } from "node:module";
import { EventSource } from "undici";
import { serve, tell } from "../stdio.mjs";
import { createEventSourceAdapter, helloOf } from "./event-source.mjs";

const { version } = createRequire(import.meta.url)("undici/package.json");

tell(helloOf("undici EventSource", version));
await serve(createEventSourceAdapter(tell, (url) => new EventSource(url)));
