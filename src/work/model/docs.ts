import type { ColumnInfo } from './node.ts'
import type { ProjectFile } from './read/project-files.ts'

/** Texts of `{% docs name %}` blocks of one package, by name. */
export type DocBlocks = ReadonlyMap<string, string>

/** The documentation blocks of Markdown files. */
export function collectDocs(files: readonly ProjectFile[]): DocBlocks {
  const blocks = new Map<string, string>()
  for (const { text } of files) {
    for (const [, name = '', body = ''] of text.matchAll(
      /\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/g,
    )) {
      blocks.set(name, body.trim())
    }
  }
  return blocks
}

/**
 * Puts blocks in the place of `{{ doc('name') }}` and `{{ doc('package', 'name') }}` in descriptions; an unknown name
 * stays as it was written. Packages are searched in the order of `search`, then all others.
 */
export function resolveDocs(
  node: { description: string; columns: Record<string, ColumnInfo> },
  packages: ReadonlyMap<string, DocBlocks>,
  search: readonly string[],
): void {
  const order = [...search, ...packages.keys()]
  const resolve = (text: string): string =>
    text.includes('doc(')
      ? text.replace(
          /\{\{\s*doc\(\s*(?:['"](\w+)['"]\s*,\s*)?['"](\w+)['"]\s*\)\s*\}\}/g,
          (whole, owner: string | undefined, name: string) =>
            (owner === undefined ? order : [owner])
              .map((one) => packages.get(one)?.get(name))
              .find((found) => found !== undefined) ?? whole,
        )
      : text
  node.description = resolve(node.description)
  for (const column of Object.values(node.columns)) column.description = resolve(column.description)
}
