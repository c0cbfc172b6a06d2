import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureProgram } from "../../../tools/ensure.mjs";
import type { TlsFiles } from "../src/tls/certificate.ts";

/** The files of a certificate for this machine, which can be replaced. */
export interface TestCertificate extends TlsFiles {
  /** Replace both files, each in one step. With `"cert"` only the certificate, so that the key does not fit. */
  replace(which?: "both" | "cert"): void;
  /** The serial number of the certificate in the file. */
  pem(): string;
  remove(): void;
}

export function makeCertificate(): TestCertificate {
  const openssl = ensureProgram("openssl");
  const folder = mkdtempSync(join(tmpdir(), "tidemark-tls-"));
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const replace = (which: "both" | "cert" = "both"): void => {
    const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext ${names}`;
    const made = ["-keyout", `${files.key}.new`, "-out", `${files.cert}.new`];
    execFileSync(openssl, [...words.split(" "), ...made], { stdio: "pipe" });
    renameSync(`${files.cert}.new`, files.cert);
    if (which === "both") renameSync(`${files.key}.new`, files.key);
  };
  replace();
  return {
    ...files,
    replace,
    pem: () => readFileSync(files.cert, "utf8"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
