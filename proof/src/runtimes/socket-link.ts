// The link of a runtime with Node's sockets: Node, Deno or Bun.
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Link } from "./lines.ts";

const socket = connect(Number(process.argv[2]), "127.0.0.1");
const link: Link = { send: (order) => socket.write(`${JSON.stringify(order)}\n`), onTold: () => {} };
createInterface({ input: socket }).on("line", (line) => link.onTold(JSON.parse(line)));
Object.assign(globalThis, { hostLink: link, UVU_DEFER: 1, UVU_QUEUE: [[]] });
