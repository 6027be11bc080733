import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { checked, readYaml } from '../../base/project/index.ts'
import { type SourceTable, tableOf, tableShape } from './source-table.ts'

const shape = z.strictObject({
  name: z.string().optional(),
  format: z.string().optional(),
  connection: z.string().min(1).optional(),
  tables: z.record(
    z.string().regex(/^[A-Za-z_]\w*$/, 'a table name is a word'),
    z.preprocess((given) => given ?? {}, tableShape),
  ),
})

/** A source: tables that belong together. */
export interface SourceDefinition {
  readonly name: string
  readonly file: string
  readonly tables: ReadonlyMap<string, SourceTable>
}

/**
 * Reads one source file.
 * @throws MillraceError SOURCE_INVALID and SOURCE_KIND_UNKNOWN with line and column
 */
export async function readSource(file: string): Promise<SourceDefinition> {
  const yaml = await readYaml(file, 'SOURCE_INVALID')
  const data = checked(yaml, shape, 'SOURCE_INVALID')
  const defaults = { format: data.format, connection: data.connection }
  const tables = Object.entries(data.tables).map(([name, stated]) => tableOf(yaml, name, stated, defaults))
  return {
    name: data.name ?? basename(file, extname(file)),
    file,
    tables: new Map(tables.map((one) => [one.name, one])),
  }
}

/** All sources of a folder (`sources/`), by name; none when the folder does not exist. */
export async function loadSources(dir: string): Promise<Map<string, SourceDefinition>> {
  const entries = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const sources = new Map<string, SourceDefinition>()
  for (const entry of entries.filter((name) => /\.(ya?ml|json)$/.test(name)).sort()) {
    const source = await readSource(join(dir, entry))
    const other = sources.get(source.name)
    if (other) {
      throw new MillraceError(
        'SOURCE_INVALID',
        `reading ${source.file}: ${other.file} is a source "${source.name}" too`,
        {
          at: { file: source.file, path: 'name' },
        },
      )
    }
    sources.set(source.name, source)
  }
  return sources
}

/**
 * The tables that `shop` (all) or `shop.orders` (one) names.
 * @throws MillraceError SOURCE_UNKNOWN naming what there is
 */
export function sourceTables(sources: ReadonlyMap<string, SourceDefinition>, name: string): SourceTable[] {
  const whole = sources.get(name)
  if (whole) return [...whole.tables.values()]
  const [first = '', ...rest] = name.split('.')
  const source = sources.get(first)
  if (!source) throw unknownName('SOURCE_UNKNOWN', 'source', first, sources.keys())
  const found = source.tables.get(rest.join('.'))
  if (!found) throw unknownName('SOURCE_UNKNOWN', `table of source "${first}"`, rest.join('.'), source.tables.keys())
  return [found]
}
