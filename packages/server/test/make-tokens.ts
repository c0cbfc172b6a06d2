import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";

/** A key pair that signs tokens, and its public half. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey;
  readonly publicKey: Readonly<Record<string, unknown>>;
}

export async function makeSigner(kid: string, alg = "ES256"): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, key: privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, alg } };
}

/** The claims of a token that may do everything with the channels `a…`. */
export const CLAIMS: JWTPayload = {
  sub: "ann",
  tidemark: { read: ["a*"], publish: "a*", remove: ["a*"] },
};

/** Sign a token; it ends in an hour, unless `exp` says otherwise; `null`: never. */
export function sign(
  { key, kid }: Signer,
  claims: JWTPayload = CLAIMS,
  exp: number | null = inSeconds(3_600),
): Promise<string> {
  const token = new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid });
  return (exp === null ? token : token.setExpirationTime(exp)).sign(key);
}

/** Sign a token with a secret. */
export function signBySecret(secret: string, claims: JWTPayload = CLAIMS): Promise<string> {
  const key = new TextEncoder().encode(secret);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(inSeconds(3_600))
    .sign(key);
}

/** A token with `alg: none`. */
export function unsigned(claims: JWTPayload = CLAIMS): string {
  return new UnsecuredJWT(claims).setExpirationTime(inSeconds(3_600)).encode();
}

export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}
