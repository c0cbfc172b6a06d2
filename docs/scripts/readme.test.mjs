// Runs the server and the client of the README as shown, except for the port.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../tools/launch.mjs";
import { DOCS, runNode } from "./run.mjs";

const MAX_LINES = 120;
const readme = await readFile(join(DOCS, "../README.md"), "utf8");

/** The program that the section with this title begins with. */
function programOf(title) {
  const program = new RegExp(`^## ${title}\n\n\`\`\`js\n([\\s\\S]*?)\`\`\``, "m").exec(readme)?.[1];
  assert.ok(program, title);
  return program;
}

test(`the README has at most ${MAX_LINES} lines, and at most ten per program`, () => {
  assert.ok(readme.trimEnd().split("\n").length <= MAX_LINES);
  for (const title of ["A server", "A client"]) {
    const lines = programOf(title)
      .split("\n")
      .filter((line) => line !== "");
    assert.ok(lines.length <= 10, `${title}: ${lines.length} lines`);
  }
});

test("the client reads the server's message and its own", async () => {
  await mkdir(join(DOCS, "generated"), { recursive: true });
  const folder = await mkdtemp(join(DOCS, "generated/readme-")); // inside the repository, where the packages are found
  const start = async (name, program) => {
    await writeFile(join(folder, name), program);
    return runNode([...sources, join(folder, name)], { cwd: folder });
  };
  const listen = "app.listen(0, function () { console.log('port', this.address().port); });";
  const server = await start("server.mjs", programOf("A server").replace("app.listen(3000);", listen));
  try {
    const [, port] = await server.seen(/port (\d+)/);
    const client = await start(
      "client.mjs",
      programOf("A client").replace("localhost:3000", `localhost:${port}`),
    );
    await client.seen(/^\S+ \{ text: 'hello' \}\n\S+ \{ text: 'hello' \}$/m);
    client.stop();
    await client.done;
  } finally {
    server.stop();
    await server.done;
    await rm(folder, { recursive: true });
  }
});

test.run();
