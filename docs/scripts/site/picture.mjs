// What the drawn pictures have in common: colours that follow the reader's, as an image and inside a page of the site.

const LIGHT =
  "--t:#1d2a2f;--q:#51626a;--b:#f5f7f7;--l:#c9d3d6;--g:#1b6b3a;--r:#b3261e;--a:#0a667d;--m:#9a5007";
const DARK =
  "--t:#e3eaec;--q:#9fb0b7;--b:#182024;--l:#3a4a52;--g:#7bd69a;--r:#ff8a80;--a:#63cbe0;--m:#f2ab4e";

/**
 * A picture as SVG.
 * @param {{ width: number, height: number, title: string, body: readonly string[] }} parts
 */
export function picture({ width, height, title, body }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="tm-picture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>
.tm-picture { ${LIGHT} }
@media (prefers-color-scheme: dark) { .tm-picture { ${DARK} } }
html:not(.dark) .tm-picture { ${LIGHT} }
html.dark .tm-picture { ${DARK} }
.tm-picture text { font: 13px system-ui, sans-serif; fill: var(--t); }
.tm-picture .code { font-family: ui-monospace, Menlo, Consolas, monospace; }
.tm-picture .small { font-size: 11.5px; }
.tm-picture .head { font-weight: 650; }
.tm-picture .quiet { fill: var(--q); }
.tm-picture .good { fill: var(--g); font-weight: 700; }
.tm-picture .bad { fill: var(--r); font-weight: 700; }
.tm-picture rect { fill: var(--b); stroke: var(--l); }
.tm-picture path { fill: none; stroke: var(--l); }
.tm-picture .flow { stroke: var(--a); }
.tm-picture .tip { fill: var(--a); stroke: none; }
</style>
${body.join("\n")}
</svg>
`;
}

export function escaped(text) {
  return String(text).replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
