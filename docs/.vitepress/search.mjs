/**
 * Words that newcomers search for, and the page that answers them. The words are added to the page's text in the index,
 * and a hit on them puts the page first. `demo` is on no page, and `nginx` is on many.
 */
const ANSWERS = {
  "guide/getting-started": "tutorial start begin quickstart introduction howto example",
  "guide/playground": "demo playground try visual",
  "guide/frameworks": "express fastify hono nestjs nest nextjs next koa h3 framework middleware",
  "guide/authorization": "jwt auth login session cookie token bearer permission",
  "guide/install": "typescript commonjs esm require types module",
  "guide/monitoring": "metrics prometheus grafana monitoring observability health",
  "guide/questions": "react vue hook component faq stable stability list",
  "guide/proxies": "nginx proxy buffering buffer cdn cloudflare",
  "guide/client": "reconnect reconnection retry offline",
  "guide/compared": "websocket websockets socketio mercure alternative comparison",
  "guide/operations": "docker deploy deployment production lose lost loss kubernetes scale",
  "guide/limits": "limit quota rate",
};

/**
 * Render a page for the search index. Requirements are headings of level four, so that they stay out of "on this page".
 * The index derives a section's path from the levels, so it would list some of them under the wrong section.
 */
export function renderForSearch(source, env, md) {
  let section = 1;
  const words = ANSWERS[env.relativePath?.replace(/\.md$/, "")];
  return md
    .render(source, env)
    .replace(/<h([1-6])( [\s\S]*?)<\/h\1>/g, (heading, level, rest) => {
      if (level !== "4") section = Number(level);
      return level === "4" ? `<h${section + 1}${rest}</h${section + 1}>` : heading;
    })
    .replace("</h1>", words === undefined ? "</h1>" : `</h1><p>${words}</p>`);
}

/**
 * The weight of a page's hits: a page that answers the word comes first, the specification comes before the guide, and
 * tests and decision records come last. The browser gets only the source of this function, so the table is part of it.
 */
export const boostDocument = new Function(
  "id",
  "term",
  `const answers = ${JSON.stringify(ANSWERS)};
  const page = id.replace(/^.*?(?=guide\\/)/, "").replace(/(?:\\.html)?(?:#.*)?$/, "");
  if (answers[page]?.split(" ").includes(term)) return id.includes("#") ? 20 : 40;
  if (/\\/(?:suite|decisions)\\/|\\/requirements/.test(id)) return 0.3;
  return id.includes("/spec/") ? 1.5 : 1;`,
);
