// What `npm test` runs: everything, or with words only the tests that they name. See `npm test -- --help`.
import { parseArgs } from "node:util";
import { testEverything } from "./test/everything.mjs";
import { testSome } from "./test/some.mjs";

const HELP = `Usage: npm test [-- [options] [word...]]

Without words: format, lint, types, build, and the tests of every package. It installs the programs that the tests
need with apt-get if it runs as root; otherwise the tests of a missing program are skipped by name (with CI set, they fail).

With words: only the tests that the words name, from sources, without a build. A word is a package (server-core,
conformance, docs), a path, or a part of a test file's path (sse).

  --full         also what takes minutes: the whole kill matrix, the built site (each package's "prove")
  --watch        run the named tests again whenever a file that they import changes
  --filter text  with words: only test files whose path has this text
  -h, --help     print this

It closes with "N passed, N failed, N skipped" and exits with 1 if anything failed.
`;

function readArguments() {
  const options = {
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
else if (positionals.length > 0) process.exitCode = await testSome(positionals, values);
else if (values.watch || values.filter !== "") {
  console.error("--watch and --filter need a word: npm test -- --watch server-core");
  process.exitCode = 2;
} else process.exitCode = await testEverything(values);
