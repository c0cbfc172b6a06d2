import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { WatchedFile } from "../watched-file.ts";

/** Where keys for tokens come from. */
export interface JwtKeyOptions {
  /** A file or an `https:` URL with public keys (RFC 7517). It is read again when it changes, or when a key is missing. */
  readonly jwks?: string;
  /** A secret that signs tokens, of at least 32 bytes. */
  readonly secret?: string;
  /** A file with such secrets, one per line: the first is used now, the others are still accepted. */
  readonly secretFile?: string;
}

/** The algorithms of each kind of key. A token's own `alg` never chooses the kind: `none` is in no list. */
export const SYMMETRIC: readonly string[] = ["HS256", "HS384", "HS512"];
export const ASYMMETRIC: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** A shorter secret can be guessed (RFC 7518, 3.2). */
const MIN_SECRET_BYTES = 32;

/** The keys that verify tokens, as they are now. */
export class JwtKeys {
  readonly #secret: Uint8Array | undefined;
  readonly #secretFile: WatchedFile<readonly Uint8Array[]> | undefined;
  readonly #jwksFile: WatchedFile<JWTVerifyGetKey> | undefined;
  readonly #remote: JWTVerifyGetKey | undefined;

  /** @throws Error if a file cannot be read, or a key is invalid */
  constructor({ jwks, secret, secretFile }: JwtKeyOptions, failed: (error: unknown) => void) {
    this.#secret = secret === undefined ? undefined : readSecret(secret, "the secret");
    this.#secretFile =
      secretFile === undefined ? undefined : new WatchedFile(secretFile, readSecrets, failed);
    if (jwks === undefined) return;
    if (isUrl(jwks)) this.#remote = createRemoteJWKSet(new URL(jwks));
    else this.#jwksFile = new WatchedFile(jwks, readKeySet, failed);
  }

  get secrets(): readonly Uint8Array[] {
    const own = this.#secret === undefined ? [] : [this.#secret];
    return [...own, ...(this.#secretFile?.value ?? [])];
  }

  /** The function of jose that finds a public key; the same object while the keys have not changed. */
  get publicKeys(): JWTVerifyGetKey | undefined {
    return this.#remote ?? this.#jwksFile?.value;
  }
}

/** Whether keys are fetched. @throws TypeError for plain `http:`, which an attacker could answer, except to this machine */
function isUrl(text: string): boolean {
  if (text.startsWith("https://")) return true;
  if (!text.startsWith("http://")) return false;
  if (["localhost", "127.0.0.1", "[::1]"].includes(new URL(text).hostname)) return true;
  throw new TypeError(`${text}: keys have to be fetched by https`);
}

function readSecrets(text: string): readonly Uint8Array[] {
  const lines = text.split("\n").map((line) => line.trim());
  const secrets = lines.filter(Boolean).map((line, index) => readSecret(line, `secret ${index + 1}`));
  if (secrets.length > 0) return secrets;
  throw new TypeError("the file has no secret");
}

function readSecret(text: string, name: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length >= MIN_SECRET_BYTES) return bytes;
  throw new TypeError(
    `${name} is too short: at least ${MIN_SECRET_BYTES} bytes, for example openssl rand -base64 32`,
  );
}

function readKeySet(text: string): JWTVerifyGetKey {
  const set = JSON.parse(text) as JSONWebKeySet;
  const keys = Array.isArray(set.keys) ? set.keys : [];
  if (keys.length === 0) throw new TypeError('expected {"keys": [...]} with at least one key');
  if (keys.some((key) => "d" in key || "k" in key))
    throw new TypeError("the file contains a private or secret key: it has to contain public keys only");
  return createLocalJWKSet(set);
}
