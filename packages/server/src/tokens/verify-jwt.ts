import { ProtocolError } from "@tidemark/protocol";
import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { ASYMMETRIC, type JwtKeys, SYMMETRIC } from "./jwt-keys.ts";

/** What a token has to claim. */
export interface ClaimOptions {
  /** The only `iss` to accept. @defaultValue any */
  readonly issuer?: string;
  /** The `aud` that a token has to contain. @defaultValue any */
  readonly audience?: string;
  /** By how much clocks may differ, in seconds. @defaultValue 5 */
  readonly clockToleranceS?: number;
}

/**
 * The claims of a token whose signature and times are valid.
 * @throws ProtocolError `unauthorized` for an invalid token, `unavailable` if the keys cannot be fetched
 */
export async function verifyJwt(token: string, keys: JwtKeys, options: ClaimOptions): Promise<JWTPayload> {
  const { issuer, audience, clockToleranceS = 5 } = options;
  const claims: JWTVerifyOptions = {
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
    clockTolerance: clockToleranceS,
    requiredClaims: ["exp", "sub"],
  };
  try {
    const isSymmetric = SYMMETRIC.includes(decodeProtectedHeader(token).alg ?? "");
    return await (isSymmetric ? bySecret(token, keys, claims) : byPublicKey(token, keys, claims));
  } catch (error) {
    throw refusalOf(error);
  }
}

async function bySecret(token: string, { secrets }: JwtKeys, claims: JWTVerifyOptions): Promise<JWTPayload> {
  let last: unknown = new errors.JOSEAlgNotAllowed("no secret is configured");
  for (const secret of secrets)
    try {
      return (await jwtVerify(token, secret, { ...claims, algorithms: [...SYMMETRIC] })).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      last = error;
    }
  throw last;
}

async function byPublicKey(
  token: string,
  { publicKeys }: JwtKeys,
  claims: JWTVerifyOptions,
): Promise<JWTPayload> {
  if (publicKeys === undefined) throw new errors.JOSEAlgNotAllowed("no public key is configured");
  const options = { ...claims, algorithms: [...ASYMMETRIC] };
  try {
    return (await jwtVerify(token, publicKeys, options)).payload;
  } catch (error) {
    // The token names no key, and several fit: try each.
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error)
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** What a client is told, by the code of jose's error. Any other error means that the keys could not be fetched. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "The token has expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "The algorithm of the token is not accepted here",
  ERR_JOSE_NOT_SUPPORTED: "The algorithm of the token is not accepted here",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "The signature of the token is not valid",
  ERR_JWKS_NO_MATCHING_KEY: "The token was signed with a key that is not known here",
  ERR_JWS_INVALID: "The token is malformed",
  ERR_JWT_INVALID: "The token is malformed",
};

function refusalOf(cause: unknown): ProtocolError {
  if (cause instanceof TypeError && /token|header/i.test(cause.message))
    return new ProtocolError("unauthorized", "The token is malformed", { cause });
  if (cause instanceof errors.JWTClaimValidationFailed)
    return new ProtocolError(
      "unauthorized",
      `The claim ${cause.claim} of the token is missing or not accepted here`,
      {
        cause,
      },
    );
  const reason = cause instanceof errors.JOSEError ? REASONS[cause.code] : undefined;
  if (reason !== undefined) return new ProtocolError("unauthorized", reason, { cause });
  return new ProtocolError("unavailable", "The keys that verify tokens cannot be fetched", { cause });
}
