import type { ColumnInfo } from './node.ts'
import type { ProjectFile } from './project-files.ts'

/** Texts of `{% docs name %}` blocks by name. */
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

/** Puts blocks in the place of `{{ doc('name') }}` in descriptions; an unknown name stays as it was written. */
export function resolveDocs(
  node: { description: string; columns: Record<string, ColumnInfo> },
  blocks: DocBlocks,
): void {
  const resolve = (text: string): string =>
    text.includes('doc(')
      ? text.replace(
          /\{\{\s*doc\(\s*(?:['"]\w+['"]\s*,\s*)?['"](\w+)['"]\s*\)\s*\}\}/g,
          (whole, name: string) => blocks.get(name) ?? whole,
        )
      : text
  node.description = resolve(node.description)
  for (const column of Object.values(node.columns)) column.description = resolve(column.description)
}
