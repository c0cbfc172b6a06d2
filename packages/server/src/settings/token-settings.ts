import { channelPatterns } from "../patterns/channel-pattern.ts";
import { tokens } from "../tokens/authorize-tokens.ts";
import { list, SWITCH, text, whole } from "./kinds.ts";
import type { Setting } from "./setting.ts";

/** Who may do what, by tokens. */
export const TOKEN_SETTINGS: readonly Setting[] = [
  {
    name: "jwks",
    kind: text("<file|url>"),
    help: "public keys that verify JWTs (RFC 7517): a file, or an https URL",
  },
  {
    name: "jwt-secret",
    kind: text("<secret>"),
    secret: "all",
    help: "secret that verifies JWTs, at least 32 bytes; better as a variable or in a file",
    check: (secret) => void tokens({ secret: String(secret) }),
  },
  {
    name: "jwt-secret-file",
    kind: text("<file>"),
    help: "file with such secrets, one per line; read again when it changes",
  },
  { name: "jwt-issuer", kind: text("<issuer>"), otherwise: "any", help: "iss that a JWT has to have" },
  {
    name: "jwt-audience",
    kind: text("<audience>"),
    otherwise: "any",
    help: "aud that a JWT has to contain",
  },
  {
    name: "jwt-clock-tolerance",
    kind: whole(0, 3_600, "<seconds>"),
    preset: 5,
    help: "by how much clocks may differ",
  },
  {
    name: "api-keys",
    kind: text("<file>"),
    help: "file of API keys, see tidemark key; read again when it changes",
  },
  {
    name: "token-cookie",
    kind: text("<name>"),
    help: "cookie that can contain the token, for EventSource",
  },
  {
    name: "anonymous-read",
    kind: list("<pattern>"),
    help: "channels that everybody may read without a token, such as news-*; needs one of the keys above",
    check: (patterns) => void channelPatterns([patterns].flat().map(String)),
  },
  {
    name: "cors-credentials",
    kind: SWITCH,
    help: "let pages of the origins in --cors-origin send cookies",
  },
];
