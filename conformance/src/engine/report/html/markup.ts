/** A piece of HTML that is safe to put into a page. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template: text is escaped, markup is not. */
export type MarkupPart = Markup | string | number | undefined | false | readonly MarkupPart[];

/** Make markup from a template; every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return new Markup(strings.map((text, index) => text + render(parts[index])).join(""));
}

function render(part: MarkupPart): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
}

/** Escape text for HTML, also inside an attribute. Characters that HTML cannot hold become U+FFFD. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/** A sentence of the specification, with its code spans and emphasis as markup. */
export function sentence(text: string): Markup {
  const escaped = escapeHtml(text);
  return new Markup(
    escaped.replace(/`([^`]*)`/g, "<code>$1</code>").replace(/\*([^*\s][^*]*)\*/g, "<em>$1</em>"),
  );
}
