import { createServer } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { tidemark } from "@tidemark/server";
import { errors, jwtVerify } from "jose";

const key = new TextEncoder().encode(process.env.JWT_KEY);

const channels = tidemark(new MemoryLog(), {
  /** @param {import("@tidemark/server-core").Visit<import("node:http").IncomingMessage>} visit */
  async authorize({ request, channel }) {
    const [, token = ""] =
      /^Bearer (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const { payload } = await jwtVerify(token, key, { audience: "channels" }).catch(
      (error) => {
        // Any other failure, such as fetching a key, is not a refusal: open streams stay open.
        if (!(error instanceof errors.JOSEError)) throw error;
        throw new ProtocolError("unauthorized", error.message);
      },
    );
    if (payload.sub !== channel)
      throw new ProtocolError("forbidden", "This is the channel of another user");
    return payload.sub;
  },
});

const server = createServer((req, res) => {
  if (!channels.handle(req, res)) res.writeHead(404).end();
});
server.listen(3000, () => console.log("ready"));
