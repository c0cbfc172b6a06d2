import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";
import express from "express";

const handle = channels(new MemoryLog());
const app = express();
app.use((req, res, next) => handle(req, res) || next()); // before body parsers and compression
app.listen(process.env.PORT ?? 3000);
