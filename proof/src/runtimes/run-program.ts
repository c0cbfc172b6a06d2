import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { Runtime } from "../matrix/programs.ts";
import type { Order, Report } from "./lines.ts";
import { OriginHost } from "./origin-host.ts";

/** Run bundled tests in a runtime that has Node's sockets. @throws if it exits without a report */
export async function runProgramTests([program = "", ...args]: Runtime, file: string): Promise<Report> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = String((server.address() as AddressInfo).port);
  const child = spawn(program, [...args, file, port], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  try {
    return await new Promise<Report>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        reject(new Error(`${program} exited with ${code} and without a report: ${said.slice(-2000)}`)),
      );
      server.once("connection", (socket) => {
        const host = new OriginHost((told) => socket.write(`${JSON.stringify(told)}\n`));
        createInterface({ input: socket.on("error", reject) })
          .on("error", reject)
          .on("line", (line) => {
            const order: Order = JSON.parse(line);
            if (order.type !== "report") return void host.take(order).catch(reject);
            void host.close();
            resolve(order.report);
          });
      });
    });
  } finally {
    child.kill();
    server.close();
  }
}
