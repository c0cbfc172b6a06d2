const FILE_ERRORS: ReadonlySet<string> = new Set(
  "EACCES EPERM EROFS EEXIST ENOTDIR ENOENT ENOSPC EDQUOT EISDIR ELOOP ENAMETOOLONG ENODEV ENXIO EOPNOTSUPP ERR_INVALID_ARG_VALUE".split(
    " ",
  ),
);

/** What went wrong at the start, and what to do about it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (port === undefined && FILE_ERRORS.has(code ?? "")) return explainFile(error);
  const place = `${address ?? "this address"}:${port ?? ""}`;
  switch (code) {
    case "EADDRINUSE":
      return `${place} is in use. Stop what listens there, or choose another --port (0 takes a free one).`;
    case "EACCES":
      return `No right to listen on ${place}. Choose a --port above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${place} is no address of this machine. Choose another --host, 127.0.0.1 or 0.0.0.0 for instance.`;
    default:
      return error.message;
  }
}

/** The log's directory cannot be used. */
function explainFile({ message }: Error): string {
  return `${message}. Choose another directory with --log lmdb:directory, or --log memory.`;
}
