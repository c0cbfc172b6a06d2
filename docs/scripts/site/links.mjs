// Turns links between files of the repository into links between pages of the site.
import { posix } from "node:path";
import { addressOf } from "../../../tools/package-metadata.mjs";
import { requirementHref } from "./coverage.mjs";
import { mapProse, mapText } from "./markdown.mjs";

/** Files of the repository, and their pages on the site. */
const PLACES = [
  [/^spec\/(?:README\.md)?$/, "/spec/"],
  [/^spec\/([\w-]+)\.md$/, "/spec/$1"],
  [/^spec\/(?!package\.json)((?:(?:schemas|vectors)\/)?[\w-]+\.(?:json|ya?ml))$/, "/spec/$1"],
  [/^conformance\/ADAPTERS\.md$/, "/suite/adapters"],
  [/^conformance\/control\.md$/, "/suite/control"],
  [/^docs\/decisions\/?$/, "/decisions/"],
  [/^docs\/decisions\/([\w-]+)\.md$/, "/decisions/$1"],
  [/^docs\/((?:guide\/)?[\w-]+)\.md$/, "/$1"],
];

/**
 * @param {string} href as written
 * @param {string} file the file with the link, from the repository's root
 * @returns {string | undefined} undefined if the site does not have the target
 */
export function siteHref(href, file) {
  const repository = addressOf("");
  const isOurs = href.startsWith(repository);
  if (!isOurs && /^(?:[a-z]+:|\/|#)/i.test(href)) return href;
  const [path = "", hash] = (isOurs ? href.slice(repository.length) : href).split("#", 2);
  const target = posix.normalize(isOurs ? path : posix.join(posix.dirname(file), path));
  const [pattern, place] = PLACES.find(([known]) => known.test(target)) ?? [];
  if (pattern === undefined) return undefined;
  return target.replace(pattern, place) + (hash === undefined ? "" : `#${hash}`);
}

/**
 * Point all links of a text to the site; links to files that the site does not have become plain text.
 * @param {string} markdown @param {string} file the file of the text, from the repository's root
 */
export function siteLinks(markdown, file) {
  return mapText(markdown, (text) =>
    text.replace(/(?<!!)\[([^\]]+)\]\(([^()\s]+)\)/g, (_, label, href) => {
      const target = siteHref(href, file);
      return target === undefined ? label : `[${label}](${target})`;
    }),
  );
}

/**
 * Turn every mention of a requirement into a link.
 * @param {string} markdown @param {readonly import("./coverage.mjs").Requirement[]} requirements
 */
export function linkRequirements(markdown, requirements) {
  const hrefs = new Map(requirements.map((requirement) => [requirement.id, requirementHref(requirement)]));
  const link = (id) => (hrefs.has(id) ? `[${id}](${hrefs.get(id)})` : id);
  return mapText(markdown, (line) => {
    if (line.startsWith("> **")) return line; // the head of a requirement names itself
    return mapProse(line, (text) => text.replace(/\b[A-Z]{2,4}-[A-Z]+-\d+\b/g, link));
  });
}
