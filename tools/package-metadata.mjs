// Copies `package-metadata.json` (placeholders until the packages are published) into every manifest, README and
// SECURITY.md. npm shows a README without the files around it, so its links have to lead to the repository.
//   node tools/package-metadata.mjs           writes
//   node tools/package-metadata.mjs --check   writes nothing, and fails if something would change
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const METADATA = JSON.parse(readFileSync(join(ROOT, "tools/package-metadata.json"), "utf8"));

/** The members are inserted into a manifest before the first of these. */
const BEFORE = ["type", "engines", "exports"];

/** The folders of the published packages, relative to the root. */
export function packageFolders() {
  const all = [
    ...readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`),
    "conformance",
    "spec",
  ];
  return all.filter((folder) => existsSync(join(ROOT, folder, "package.json")));
}

/** The URL of a file of the repository. @param {string} path relative to the root */
export function addressOf(path, { repository, branch } = METADATA) {
  return `${repository}/blob/${branch}/${path}`;
}

/** A manifest with the members from the metadata. */
export function describedManifest(manifest, folder, metadata = METADATA) {
  const { homepage, repository, author, keywords, ownKeywords } = metadata;
  const own = {
    author,
    homepage,
    repository: { type: "git", url: `git+${repository}.git`, directory: folder },
    bugs: { url: `${repository}/issues` },
    keywords: [...keywords, ...(ownKeywords[folder] ?? [])],
  };
  const { files = [] } = manifest;
  const isNamed = files.includes("CHANGELOG.md") || files.includes("*.md");
  const described = { ...manifest, files: isNamed ? files : [...files, "CHANGELOG.md"] };
  const rest = Object.entries(described).filter(([name]) => !(name in own));
  const at = rest.findIndex(([name]) => BEFORE.includes(name));
  return Object.fromEntries([...rest.slice(0, at), ...Object.entries(own), ...rest.slice(at)]);
}

/**
 * The text of a package with links that work outside the repository: links to files that are not shipped with it
 * become URLs. Links to an earlier repository become links to this one.
 * @param {string} file the path of the text, relative to the root
 * @param {(path: string) => boolean} isShipped whether a file, relative to the root, is shipped with it
 */
export function linkedText(text, file, isShipped, earlier = METADATA, metadata = METADATA) {
  const former = addressOf("", earlier);
  return text.replace(/(?<=\]\()([^()\s#]+)(?=[#)])/g, (href) => {
    if (href.startsWith(former)) return addressOf(href.slice(former.length), metadata);
    if (/^(?:[a-z]+:|\/)/i.test(href)) return href;
    const path = posix.normalize(posix.join(posix.dirname(file), href)).replace(/\/$/, "");
    return isShipped(path) ? href : addressOf(path, metadata);
  });
}

/** Tells whether npm ships a file with a package, by the package's manifest. */
export function shipped(folder, { files = [] }) {
  return (path) => {
    const inside = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
    if (inside === undefined) return false;
    return ["README.md", "LICENSE", "package.json", ...files].some(
      (entry) =>
        inside === entry ||
        inside.startsWith(`${entry}/`) ||
        (entry === "*.md" && /^[^/]+\.md$/.test(inside)),
    );
  };
}

/** Every file that differs from what the metadata requires, before and after the change. */
export function changes() {
  const all = packageFolders().flatMap((folder) => {
    const before = readFileSync(join(ROOT, folder, "package.json"), "utf8");
    const manifest = JSON.parse(before);
    const after = `${JSON.stringify(describedManifest(manifest, folder), null, 2)}\n`;
    const url = manifest.repository?.url.replace(/^git\+|\.git$/g, "");
    const earlier = { ...METADATA, repository: url ?? METADATA.repository };
    const texts = readdirSync(join(ROOT, folder)).filter(
      (name) => name.endsWith(".md") && name !== "CHANGELOG.md",
    );
    return [
      { file: `${folder}/package.json`, before, after },
      ...texts.map((name) => {
        const file = `${folder}/${name}`;
        const text = readFileSync(join(ROOT, file), "utf8");
        return { file, before: text, after: linkedText(text, file, shipped(folder, manifest), earlier) };
      }),
    ];
  });
  const security = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
  const after = security.replace(/[\w.-]+@[\w.-]+\w/g, METADATA.security);
  return [...all, { file: "SECURITY.md", before: security, after }].filter((row) => row.before !== row.after);
}

function main(check) {
  const found = changes();
  for (const { file, after } of found) {
    console.log(`${check ? "differs" : "written"}: ${file}`);
    if (!check) writeFileSync(join(ROOT, file), after);
  }
  return check && found.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.exitCode = main(process.argv.includes("--check"));
