// Generates from the suite's types the JSON Schemas (draft-07) of its configuration, baseline and report, and
// the
// validators for what users and adapters write. They are compiled here so that the package needs no schema
// compiler.
// Usage: node --import tsx scripts/schemas.ts
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";
import * as TJS from "typescript-json-schema";

const SCHEMA_BASE = "https://tidemark.example/schemas/conformance/";
const here = fileURLToPath(new URL("./", import.meta.url));
const root = fileURLToPath(new URL("../", import.meta.url));

/** Each file in `schema`, the type that it describes, and whether it allows additional members. */
const SCHEMAS = {
  config: { type: "Config", open: false },
  "sse-config": { type: "StreamConfig", open: false },
  dialect: { type: "Dialect", open: false },
  baseline: { type: "Baseline", open: false },
  control: { type: "ControlRequests", open: false },
  report: { type: "RunReport", open: true },
} as const;

const DECLARATION = `import type { Baseline } from "../engine/baseline/baseline.ts";
import type { Dialect } from "../suites/delivery/dialect/dialect.ts";
import type { StreamConfig } from "../suites/event-stream/config/config.ts";
import type { Told } from "../suites/tidemark/client/contract.ts";
import type { Config } from "../suites/tidemark/server/config/config.ts";

/** One way in which a value is not what it has to be, as ajv tells it. */
export interface Fault {
  /** A JSON Pointer to the faulty part. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The schema that the faulty part has to fit. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

/** Checks the shape of a value; \`errors\` are those of the last call. */
export interface Validator<T> {
  (value: unknown): value is T;
  readonly errors?: readonly Fault[] | null;
}

export declare const validateConfig: Validator<Config>;
export declare const validateStreamConfig: Validator<StreamConfig>;
export declare const validateDialect: Validator<Dialect>;
export declare const validateBaseline: Validator<Baseline>;
export declare const validateTold: Validator<Told>;
`;

/** Every generated file, by its path in the package. */
export async function generate(): Promise<Map<string, string>> {
  const program = TJS.programFromConfig(`${here}tsconfig.schemas.json`);
  const files = new Map<string, string>();
  for (const [name, { type, open }] of Object.entries(SCHEMAS))
    files.set(
      `schema/${name}.json`,
      `${JSON.stringify(schemaOf(program, name, type, open), undefined, 2)}\n`,
    );
  const adapter = await readFile(`${root}schema/adapter.json`, "utf8"); // written by hand, because others implement it
  const strict = ["config", "sse-config", "dialect", "baseline"].map(
    (name) => files.get(`schema/${name}.json`) ?? "",
  );
  files.set("src/generated/validate.js", await compileValidators([...strict, adapter]));
  files.set("src/generated/validate.d.ts", DECLARATION);
  return files;
}

function schemaOf(program: TJS.Program, name: string, type: string, open: boolean): object {
  const settings = { required: true, strictNullChecks: true, aliasRef: true, ref: true, noExtraProps: !open };
  const generator = TJS.buildGenerator(program, settings);
  if (generator === null) throw new Error("the types of the suite do not compile");
  const { $schema, ...schema } = generator.getSchemaForSymbol(type);
  const text = JSON.stringify({ $schema, $id: `${SCHEMA_BASE}${name}.json`, title: name, ...schema });
  if (text.includes("import(")) throw new Error(`the schema of ${name} names a file of this checkout`);
  return JSON.parse(text) as object;
}

async function compileValidators(schemas: readonly string[]): Promise<string> {
  const ajv = new Ajv({
    strict: true,
    strictRequired: false, // in a discriminated union, the parts declare the required properties
    allErrors: true,
    verbose: true,
    discriminator: true,
    code: { source: true, esm: true, lines: true },
  });
  for (const schema of schemas) ajv.addSchema(JSON.parse(schema));
  const code = standalone.default(ajv, {
    validateConfig: `${SCHEMA_BASE}config.json`,
    validateStreamConfig: `${SCHEMA_BASE}sse-config.json`,
    validateDialect: `${SCHEMA_BASE}dialect.json`,
    validateBaseline: `${SCHEMA_BASE}baseline.json`,
    validateTold: `${SCHEMA_BASE}adapter.json#/definitions/Told`,
  });
  // The code still imports parts of ajv; bundling makes it self-contained.
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: here },
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    banner: { js: "// Generated from schema/*.json by scripts/schemas.ts." },
  });
  return outputFiles[0]?.text ?? "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generate()) {
    await mkdir(dirname(root + path), { recursive: true });
    await writeFile(root + path, text);
  }
}
