// @tidemark/client in a page. Bundle and open it as described in event-source-page.mjs.
import { connect } from "./pull.mjs";
import { createAdapter, hello } from "./tidemark.mjs";

const { tell, serve } = connect();
tell(hello);
await serve(createAdapter(tell));
