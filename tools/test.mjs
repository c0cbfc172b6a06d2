// `npm test`: runs everything or, with words, only the tests that they name. See `npm test -- --help`.
import { parseArgs } from "node:util";
import { testEverything } from "./test/everything.mjs";
import { testPeers } from "./test/peers.mjs";
import { testSome } from "./test/some.mjs";

const HELP = `Usage: npm test [-- [options] [word...]]

Without words, it checks format, lint and types, builds, and runs the tests of every package. As root, it installs the
programs that the tests need with apt-get. Otherwise it skips tests whose program is missing, by name (if CI is set,
they fail).

With words, it runs only the tests that the words name, from sources, without a build. A word is a package
(server-core, conformance, docs), a path, or a part of a test file's path (sse).

  --peers        run the tests in peers/ instead, against third-party servers, proxies, SDKs and frameworks;
                 installs these first, from peers/package-lock.json
  --full         run everything: also the peers, and what takes minutes (each package's "prove": the whole kill
                 matrix, the built site)
  --watch        run the named tests again whenever a file that they import changes
  --filter text  of the named tests, run only files whose path contains this text
  -h, --help     print this help

The last line is "N passed, N failed, N skipped"; the exit code is 1 if anything failed.
`;

function readArguments() {
  const options = {
    peers: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    watch: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    help: { type: "boolean", short: "h", default: false },
  };
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

const { values, positionals } = readArguments();
if (values.help) console.log(HELP);
else if (values.peers && values.full) {
  console.error("--full runs the peers too: leave out --peers");
  process.exitCode = 2;
} else if (values.peers) process.exitCode = await testPeers(positionals, values);
else if (positionals.length > 0) process.exitCode = await testSome(positionals, values);
else if (values.watch || values.filter !== "") {
  console.error("--watch and --filter need a word that names tests: npm test -- --watch server-core");
  process.exitCode = 2;
} else process.exitCode = await testEverything(values);
