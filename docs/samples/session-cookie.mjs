import { randomUUID } from "node:crypto";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { tidemark } from "@tidemark/server";
import Koa from "koa";

/** Users by session; with several processes, use a database. @type {Map<string, string>} */
const sessions = new Map();

/** @param {Koa.Context} ctx */
function userOf(ctx) {
  return sessions.get(ctx.cookies.get("session", { signed: true }) ?? "");
}

const channels = tidemark(new MemoryLog(), {
  cors: null, // browsers send cookies with every request: allow only pages of this origin
  /** @param {import("@tidemark/server-core").Visit<Koa.Context>} visit */
  authorize({ request: ctx, channel }) {
    const user = userOf(ctx);
    if (user === undefined)
      throw new ProtocolError("unauthorized", "Sign in first");
    if (channel !== user)
      throw new ProtocolError("forbidden", "This is the channel of another user");
    return user;
  },
});

const app = new Koa();
app.keys = [process.env.COOKIE_KEY ?? randomUUID()];
app.use((ctx, next) => {
  if (ctx.method !== "POST" || !ctx.path.startsWith("/sign-")) return next();
  if (ctx.path === "/sign-out")
    sessions.delete(ctx.cookies.get("session", { signed: true }) ?? "");
  else {
    const session = randomUUID();
    sessions.set(session, String(ctx.query.user)); // check the password here
    ctx.cookies.set("session", session, { signed: true, sameSite: "lax" });
  }
  ctx.status = 204;
});
app.use(channels);
app.listen(3000, () => console.log("ready"));
