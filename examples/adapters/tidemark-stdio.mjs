// npx @tidemark/conformance client --adapter "node examples/adapters/tidemark-stdio.mjs"
import { serve, tell } from "./stdio.mjs";
import { createAdapter, hello } from "./tidemark.mjs";

tell(hello);
await serve(createAdapter(tell));
