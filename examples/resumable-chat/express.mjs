import { fromNode } from "@tidemark/resumable/node";
import express from "express";
import { read, resume, say } from "./chats.mjs";

const app = express();
app.post("/api/chat", fromNode(say));
app.get("/api/chat/:id/stream", (req, res, next) =>
  fromNode((request) => resume(request, req.params.id))(req, res, next),
);
app.get("/api/chat/:id", (req, res, next) => fromNode(() => read(req.params.id))(req, res, next));
app.use(express.static("public"));
app.listen(process.env.PORT ?? 3000);
