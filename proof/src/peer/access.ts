import type { ServerOptions } from "@tidemark/conformance";
import { ProtocolError } from "@tidemark/protocol";
import type { TidemarkOptions } from "@tidemark/server";
import type { Visit } from "@tidemark/server-core";

const TOKEN = "Bearer of-the-reader";
const COOKIE = "session=of-the-reader";

/** Run the suite with the token. */
export const WITH_TOKEN: Partial<ServerOptions> = {
  headers: [{ name: "Authorization", value: TOKEN, secrets: [TOKEN] }],
};

/** Run the suite with the cookie. */
export const WITH_COOKIE: Partial<ServerOptions> = {
  headers: [{ name: "Cookie", value: COOKIE, secrets: [COOKIE] }],
};

/** A server that admits requests with the token, and those for which `isLetIn` is true. */
export function tokenOptions(isLetIn: (visit: Visit) => boolean = () => false): TidemarkOptions {
  return {
    authorize(visit) {
      if (visit.headers.authorization !== TOKEN && !isLetIn(visit))
        throw new ProtocolError("unauthorized", "The token is missing or wrong");
      return "reader";
    },
  };
}

/** A server that admits requests with the cookie, from pages of its own origin. */
export const COOKIE_OPTIONS: TidemarkOptions = {
  cors: { origin: ["https://app.example"], credentials: true },
  authorize({ headers }) {
    if (headers.cookie !== COOKIE) throw new ProtocolError("unauthorized", "The cookie is missing or wrong");
    return "reader";
  },
};
