import type { ServerOptions } from "@tidemark/conformance";
import { ProtocolError } from "@tidemark/protocol";
import type { TidemarkOptions } from "@tidemark/server";
import type { Visit } from "@tidemark/server-core";

const TOKEN = "Bearer of-the-reader";
const COOKIE = "session=of-the-reader";

/** Run the suite as somebody who has the token. */
export const WITH_TOKEN: Partial<ServerOptions> = {
  headers: [{ name: "Authorization", value: TOKEN, secrets: [TOKEN] }],
};

/** Run the suite as somebody who has the cookie. */
export const WITH_COOKIE: Partial<ServerOptions> = {
  headers: [{ name: "Cookie", value: COOKIE, secrets: [COOKIE] }],
};

/** A server for those who have the token, and for some others. */
export function tokenOptions(isLetIn: (visit: Visit) => boolean = () => false): TidemarkOptions {
  return {
    authorize(visit) {
      if (visit.headers.authorization !== TOKEN && !isLetIn(visit))
        throw new ProtocolError("unauthorized", "Only for those who have the token");
      return "reader";
    },
  };
}

/** A server for those who have the cookie, on pages of its own origin. */
export const COOKIE_OPTIONS: TidemarkOptions = {
  cors: { origin: ["https://app.example"], credentials: true },
  authorize({ headers }) {
    if (headers.cookie !== COOKIE)
      throw new ProtocolError("unauthorized", "Only for those who have the cookie");
    return "reader";
  },
};
