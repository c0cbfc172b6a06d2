// A browser's own EventSource. Bundle this file, and open the page that the suite names:
//   npx esbuild examples/adapters/event-source-page.mjs --bundle --format=esm --outfile=page.js
//   npx @tidemark/conformance client --listen --page-script page.js
import { createEventSourceAdapter, eventSourceHello } from "./event-source-adapter.mjs";
import { connect } from "./pull.mjs";

const [, name = "browser", version = "unknown"] =
  /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(navigator.userAgent) ?? [];

const { tell, serve } = connect();
tell(eventSourceHello(`EventSource of ${name}`, version));
await serve(createEventSourceAdapter(tell, (url) => new EventSource(url)));
