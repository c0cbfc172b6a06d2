/**
 * What the search index is made from. Requirements are headings of the fourth level, so that they stay out of "on this
 * page"; the index takes the levels for the way to a section, and would find some below the section before theirs.
 */
export function renderForSearch(source, env, md) {
  let section = 1;
  return md.render(source, env).replace(/<h([1-6])( [\s\S]*?)<\/h\1>/g, (heading, level, rest) => {
    if (level !== "4") section = Number(level);
    return level === "4" ? `<h${section + 1}${rest}</h${section + 1}>` : heading;
  });
}

/**
 * What a page's hits are worth: who looks for a word wants the text that says it before the tests and records about it.
 * The browser gets the source of this function, so it needs nothing from around it.
 */
export function boostDocument(id) {
  if (/\/(?:suite|decisions)\/|\/requirements/.test(id)) return 0.3;
  return id.includes("/spec/") ? 1.5 : 1;
}
