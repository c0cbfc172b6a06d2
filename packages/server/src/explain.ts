const FILE_ERRORS: ReadonlySet<string> = new Set(
  "EACCES EPERM EROFS EEXIST ENOTDIR ENOENT ENOSPC EDQUOT EISDIR ELOOP ENAMETOOLONG ENODEV ENXIO EOPNOTSUPP ERR_INVALID_ARG_VALUE".split(
    " ",
  ),
);

/** Say why the command could not start, and how to fix it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (port === undefined && FILE_ERRORS.has(code ?? "")) return explainFile(error);
  const place = `${address ?? "this address"}:${port ?? ""}`;
  switch (code) {
    case "EADDRINUSE":
      return `${place} is in use. Stop the process that listens there, or choose another --port (0 picks a free one).`;
    case "EACCES":
      return `Not permitted to listen on ${place}. Choose a --port above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${place} is not an address of this machine. Choose another --host, for example 127.0.0.1 or 0.0.0.0.`;
    default:
      return error.message;
  }
}

/** Explain why the log's directory cannot be used. */
function explainFile({ message }: Error): string {
  return `${message}. Choose another directory with --log lmdb:directory, or --log memory.`;
}
