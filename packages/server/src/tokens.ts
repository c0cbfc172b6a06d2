// Authorization by JWTs and API keys.
export { type TokenOptions, tokens } from "./tokens/authorize-tokens.ts";
