// @tidemark/client in a page; bundled and opened as event-source-page.mjs says.
import { connect } from "./pull.mjs";
import { createAdapter, hello } from "./tidemark.mjs";

const { tell, serve } = connect();
tell(hello);
await serve(createAdapter(tell));
