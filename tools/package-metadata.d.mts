/** The content of `package-metadata.json`. */
export interface Metadata {
  readonly repository: string;
  readonly branch: string;
  readonly author: string;
  readonly ownKeywords: Readonly<Record<string, readonly string[]>>;
}
export const ROOT: string;
export const METADATA: Metadata;
export function packageFolders(): string[];
export function addressOf(path: string, metadata?: Metadata): string;
export function describedManifest(
  manifest: object,
  folder: string,
  metadata?: Metadata,
): { readonly author: string; readonly bugs: { readonly url: string } };
export function linkedText(
  text: string,
  file: string,
  isShipped: (path: string) => boolean,
  earlier?: Metadata,
  metadata?: Metadata,
): string;
export function changes(): { readonly file: string; readonly before: string; readonly after: string }[];
