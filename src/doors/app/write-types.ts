import { readFile, rename, writeFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { asMillraceError, MillraceError } from '../../base/kernel/index.ts'
import { rowText } from '../../data/frame/index.ts'
import type { Project } from './open-project.ts'

/** Where the types are written when nothing else is said. */
export const TYPES_FILE = 'millrace.d.ts'

/** What became of the file of types. */
export interface WrittenTypes {
  /** Relative to the project. */
  readonly file: string
  readonly datasets: readonly string[]
  /** What could not be read, and why; such datasets are left out and stay untyped. */
  readonly skipped: readonly { readonly dataset: string; readonly why: string }[]
  /** Whether the file on disk was another. */
  readonly changed: boolean
}

export interface WriteTypesOptions {
  /** From the project folder. */
  readonly out?: string
  /** Only compares. */
  readonly check?: boolean
}

/**
 * Writes the row types of the project's datasets: lake tables, tables and views of the engine, among them what dbt
 * has built. Only schemas are read. The file is replaced as a whole.
 */
export async function writeTypes(project: Project, options: WriteTypesOptions = {}): Promise<WrittenTypes> {
  const file = resolve(project.dir, options.out ?? TYPES_FILE)
  const { rows, skipped } = await rowsOf(project)
  const text = typesText(rows)
  const before = await textAt(file)
  const changed = before !== text
  if (changed && options.check !== true) {
    const beside = `${file}.${process.pid}.tmp`
    await writeFile(beside, text)
    await rename(beside, file)
  }
  return { file: relative(project.dir, file), datasets: [...rows.keys()], skipped, changed }
}

interface Rows {
  /** The type of a row as text, by the dataset's name. */
  readonly rows: ReadonlyMap<string, string>
  readonly skipped: readonly { readonly dataset: string; readonly why: string }[]
}

async function rowsOf({ catalog, engine, targetOptions }: Project): Promise<Rows> {
  const own = engine.dialect === 'duckdb' ? 'main' : targetOptions.schema
  const found: [name: string, row: string][] = []
  const skipped: { dataset: string; why: string }[] = []
  for (const { schema, table } of await catalog.list()) {
    const dataset = `${schema}.${table}`
    try {
      const relation = await catalog.relation({ dataset: `${quoted(schema)}.${quoted(table)}` })
      const row = rowText(relation.schema, '    ')
      found.push([dataset, row])
      // A table of the engine's own schema is also known by its name alone.
      if (schema === own) found.push([table, row])
    } catch (thrown) {
      skipped.push({ dataset, why: asMillraceError(thrown).message })
    }
  }
  found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { rows: new Map(found), skipped }
}

const quoted = (name: string) => (/^\w+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

function typesText(rows: ReadonlyMap<string, string>): string {
  const types = [...rows].map(([name, row]) => `    ${JSON.stringify(name)}: ${row}\n`).join('')
  const decimal = /\bDecimal\b/.test(types) ? "import type { Decimal } from 'millrace'\n\n" : ''
  return `// Written by \`millrace types\`: the rows of the project's datasets, as \`collect\` gives them. Do not edit.
${decimal}declare module 'millrace' {
  interface Datasets {
${types}  }
}

export {}
`
}

async function textAt(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new MillraceError('STORE_FAILED', `reading ${file}`, { cause })
  }
}
