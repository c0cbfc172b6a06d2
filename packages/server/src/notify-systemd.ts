import { execFile } from "node:child_process";

/**
 * Tell systemd, if it started this process as `Type=notify`, that the server listens or drains. `systemd-notify` sends
 * it, because Node cannot send to a socket of this kind: the unit needs `NotifyAccess=all`.
 */
export function notifySystemd(state: "--ready" | "--stopping", failed: (text: string) => void): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  execFile("systemd-notify", [state], (error) => {
    if (error) failed(`systemd was not told (systemd-notify ${state}): ${error.message}`);
  });
}
