/**
 * Render a page for the search index. Requirements are headings of level four, so that they stay out of "on this page".
 * The index derives a section's path from the levels, so it would list some of them under the wrong section.
 */
export function renderForSearch(source, env, md) {
  let section = 1;
  return md.render(source, env).replace(/<h([1-6])( [\s\S]*?)<\/h\1>/g, (heading, level, rest) => {
    if (level !== "4") section = Number(level);
    return level === "4" ? `<h${section + 1}${rest}</h${section + 1}>` : heading;
  });
}

/**
 * The weight of a page's hits: the specification comes before the guide, and tests and decision records come last.
 * The browser gets only the source of this function, so it must not use anything outside it.
 */
export function boostDocument(id) {
  if (/\/(?:suite|decisions)\/|\/requirements/.test(id)) return 0.3;
  return id.includes("/spec/") ? 1.5 : 1;
}
