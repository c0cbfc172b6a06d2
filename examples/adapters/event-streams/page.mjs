// A browser's own EventSource. Bundle this file, and open the page that the suite names:
//   npx esbuild examples/adapters/event-streams/page.mjs --bundle --format=esm --outfile=page.js
//   npx @tidemark/conformance client --suite event-stream --listen --page-script page.js
import { connect } from "../pull.mjs";
import { createEventSourceAdapter, helloOf } from "./event-source.mjs";

const [, name = "browser", version = "unknown"] =
  /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(navigator.userAgent) ?? [];

const { tell, serve } = connect();
tell(helloOf(`EventSource of ${name}`, version));
await serve(createEventSourceAdapter(tell, (url) => new EventSource(url)));
