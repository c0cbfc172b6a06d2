import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The servers of which there are broken copies. */
export const SERVERS = ["python", "reference"] as const;

/** The name of a server, which is also the folder of its mutants in `proof/unseen`. */
export type ServerName = (typeof SERVERS)[number];

/** One replacement in a source file. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** A server that breaks the specification. Its author has not seen the suite's tests. */
export interface UnseenMutant {
  readonly id: string;
  readonly server: ServerName;
  /** What the server does wrong, in one sentence. */
  readonly wrong: string;
  /** The requirements that it breaks. */
  readonly breaks: readonly string[];
  /** The public report of a similar fault, or `spec`. */
  readonly source: string;
  /** Options of the server without which the fault cannot be seen. */
  readonly options: readonly string[];
  readonly edits: readonly Edit[];
}

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../../", import.meta.url));

/** All mutants of a server, ordered by their ids. */
export async function unseenMutants(server: ServerName): Promise<readonly UnseenMutant[]> {
  const folder = `${ROOT}proof/unseen/${server}`;
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const mutant = JSON.parse(await readFile(`${folder}/${file}`, "utf8")) as UnseenMutant;
      if (`${mutant.id}.json` !== file) throw new Error(`${folder}/${file} has the id ${mutant.id}`);
      return { ...mutant, server, options: mutant.options ?? [] };
    }),
  );
}

/** The mutant with this id. @throws Error if there is none */
export async function unseenMutant(id: string): Promise<UnseenMutant> {
  const all = (await Promise.all(SERVERS.map(unseenMutants))).flat();
  const found = all.find((mutant) => mutant.id === id);
  if (found === undefined) throw new Error(`There is no mutant ${id} in proof/unseen`);
  return found;
}

/**
 * The mutant's files with its edits, by their names.
 * @throws Error if the text of an edit does not occur exactly once
 */
export async function editedFiles({ id, edits }: UnseenMutant): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const text = files.get(file) ?? (await readFile(`${ROOT}${file}`, "utf8"));
    const parts = text.split(find);
    if (parts.length !== 2)
      throw new Error(`${id}: ${JSON.stringify(find)} occurs ${parts.length - 1} times in ${file}, not once`);
    files.set(file, parts.join(replace));
  }
  return files;
}
