// express-pouchdb, which speaks the HTTP API of CouchDB but is not CouchDB, with databases in memory.
import express from "express-4";
import pouch from "express-pouchdb";
import memory from "pouchdb-adapter-memory";
import PouchDB from "pouchdb-node";
import { listen, ready } from "./program.ts";

const app = express();
app.use(
  "/",
  pouch(PouchDB.plugin(memory).defaults({ adapter: "memory" }), {
    mode: "minimumForPouchDB",
    inMemoryConfig: true,
  }),
);
ready({ url: await listen(app) });
