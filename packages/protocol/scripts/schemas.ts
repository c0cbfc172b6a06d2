// Generates JSON Schemas (draft-07) from the wire types, and from one of them the compiled validator for
// published bodies. Usage: node --import tsx scripts/schemas.ts
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import * as TJS from "typescript-json-schema";

const SCHEMA_BASE = "https://tidemark.example/schemas/";
const repository = fileURLToPath(new URL("../../../", import.meta.url));
const here = fileURLToPath(new URL("./", import.meta.url));

/** The files of `spec/schemas`, and the types that they describe. */
const TYPES = {
  message: "WireMessage",
  page: "WirePage",
  gap: "Gap",
  draft: "WireDraft",
  publish: "WirePublish",
  published: "Published",
  problem: "Problem",
} as const;

const DECLARATION = `import type { WirePublish } from "../requests/publish.ts";

/** One violation of the schema. */
export interface Fault {
  /** A JSON Pointer to the invalid part. */
  readonly instancePath: string;
  readonly message?: string;
}

/** Check the shape of a publish's body; \`errors\` are those of the last call. */
export declare const validatePublish: {
  (value: unknown): value is WirePublish;
  readonly errors?: readonly Fault[] | null;
};
`;

/** Every generated file: its path in the repository, and its text. */
export async function generate(): Promise<Map<string, string>> {
  const schemas = readSchemas();
  const files = new Map<string, string>();
  for (const [name, schema] of schemas)
    files.set(`spec/schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
  files.set("packages/protocol/src/generated/validate.js", await compileValidator(schemas));
  files.set("packages/protocol/src/generated/validate.d.ts", DECLARATION);
  return files;
}

function readSchemas(): Map<string, object> {
  const program = TJS.programFromConfig(`${here}tsconfig.schemas.json`);
  const settings = { required: true, strictNullChecks: true, aliasRef: true, ref: true };
  const generator = TJS.buildGenerator(program, settings);
  if (generator === null) throw new Error("the wire types do not compile");
  return new Map(
    Object.entries(TYPES).map(([name, type]) => {
      const { $schema, ...schema } = generator.getSchemaForSymbol(type);
      const text = JSON.stringify({ $schema, $id: `${SCHEMA_BASE}${name}.json`, title: name, ...schema });
      if (text.includes("import(")) throw new Error(`the schema of ${name} names a file of this checkout`);
      return [name, JSON.parse(text.replace(/Wire(?=[A-Z])/g, ""))];
    }),
  );
}

async function compileValidator(schemas: ReadonlyMap<string, object>): Promise<string> {
  const ajv = new Ajv({ strict: true, code: { source: true, esm: true, lines: true } });
  for (const schema of schemas.values()) ajv.addSchema(schema);
  const code = standalone.default(ajv, { validatePublish: `${SCHEMA_BASE}publish.json` });
  // The code still requires parts of ajv; bundling makes it self-contained.
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: here },
    absWorkingDir: repository,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    banner: { js: "// Generated from spec/schemas/publish.json by scripts/schemas.ts." },
  });
  return outputFiles[0]?.text ?? "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generate()) {
    await mkdir(dirname(repository + path), { recursive: true });
    await writeFile(repository + path, text);
  }
}
