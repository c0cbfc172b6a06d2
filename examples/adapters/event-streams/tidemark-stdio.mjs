// The adapter of tidemark.mjs over standard input and output.

import { serve, tell } from "../stdio.mjs";
import { createAdapter, hello } from "./tidemark.mjs";

tell(hello);
await serve(createAdapter(tell));
