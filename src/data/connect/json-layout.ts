import { type Sql, sql } from '../../base/sql/index.ts'
import { contentsOf } from './csv-header.ts'
import type { SourceFile } from './source.ts'

/** One object a line, or one array of objects. */
export type JsonLayout = 'lines' | 'array'

/** The option of read_json for a layout. */
export function jsonLayout(layout: JsonLayout): Sql {
  return layout === 'lines' ? sql`format = 'newline_delimited'` : sql`format = 'array'`
}

/** Files by their layout, in order; empty files have no rows and are left out. */
export async function layoutGroups(
  files: readonly SourceFile[],
  lines: boolean | undefined,
): Promise<{ layout: JsonLayout; members: SourceFile[] }[]> {
  const groups = new Map<JsonLayout, SourceFile[]>()
  for (const file of files) {
    const first = await firstCharacter(file.location)
    if (first === undefined) continue
    const layout = lines === undefined ? (first === '[' ? 'array' : 'lines') : lines ? 'lines' : 'array'
    const members = groups.get(layout) ?? []
    members.push(file)
    groups.set(layout, members)
  }
  return [...groups].map(([layout, members]) => ({ layout, members }))
}

async function firstCharacter(location: string): Promise<string | undefined> {
  const stream = contentsOf(location)
  try {
    for await (const piece of stream) {
      const [found] = (piece as Buffer)
        .toString('latin1')
        .replace(/^\u00ef\u00bb\u00bf/, '')
        .trimStart()
      if (found !== undefined) return found
    }
  } finally {
    stream.destroy()
  }
  return undefined
}
