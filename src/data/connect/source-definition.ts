import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { type Field, MillraceError, type Place, parseType, type Schema, unknownName } from '../../base/kernel/index.ts'
import { checked, readYaml, type YamlFile } from '../../base/project/index.ts'
import { SOURCE_KINDS } from './registry.generated.ts'
import type { SourceKind } from './source.ts'

const names = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const table = z.strictObject({
  format: z.string().optional(),
  files: names,
  options: z.unknown().optional(),
  cursor: z.string().optional(),
  primary_key: names.default([]),
  columns: z.record(z.string(), z.string()).default({}),
  derive: z.record(z.string(), z.string()).default({}),
  partition_by: names.default([]),
  metadata: z.array(z.enum(['_file', '_loaded_at'])).default([]),
  on_schema_change: z.enum(['fail', 'add']).default('fail'),
  on_file_changed: z.enum(['fail', 'load', 'skip']).default('fail'),
  on_reject: z.strictObject({ max: z.int().min(0).default(0) }).prefault({}),
})
const shape = z.strictObject({
  name: z.string().optional(),
  format: z.string().optional(),
  tables: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'a table name is a word'), table),
})

/** One table of a source, as `sources/*.yml` states it. */
export interface SourceTable {
  readonly name: string
  readonly kind: SourceKind
  /** Checked against the kind. */
  readonly options: unknown
  /** Glob patterns relative to the project. */
  readonly files: readonly string[]
  /** The column that grows: only rows beyond the greatest loaded value are loaded. */
  readonly cursor?: string
  /** Columns that identify a row, to recognise it at the cursor's boundary. */
  readonly primaryKey: readonly string[]
  /** Columns with stated types; the others are inferred at the first load. */
  readonly stated: Schema
  /** Columns computed from the row, each an SQL expression of the user's. */
  readonly derive: Readonly<Record<string, string>>
  readonly partitionBy: readonly string[]
  readonly metadata: readonly ('_file' | '_loaded_at')[]
  readonly onSchemaChange: 'fail' | 'add'
  /** What a loaded file that was changed since means, when there is no cursor. */
  readonly onFileChanged: 'fail' | 'load' | 'skip'
  /** How many rows of a load may be rejected. */
  readonly maxRejects: number
  readonly at: Place
}

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
  const tables = Object.entries(data.tables).map(([name, stated]) => tableOf(yaml, name, stated, data.format))
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

function tableOf(yaml: YamlFile, name: string, data: z.output<typeof table>, sourceFormat?: string): SourceTable {
  const path = ['tables', name]
  const format = data.format ?? sourceFormat ?? formatOf(data.files)
  const kind = SOURCE_KINDS.find((candidate) => candidate.name === format)
  if (!kind) {
    const kinds = SOURCE_KINDS.map((candidate) => candidate.name)
    const at = yaml.place([...path, 'format'])
    if (format !== undefined) throw unknownName('SOURCE_KIND_UNKNOWN', 'format', format, kinds, { at })
    throw new MillraceError('SOURCE_INVALID', `the format of table "${name}" cannot be told from its files`, {
      at,
      hint: `Add \`format:\` with one of ${kinds.join(', ')}.`,
    })
  }
  const fields = Object.entries(data.columns).map(([column, type]): Field => {
    try {
      return { name: column, type: parseType(type), nullable: true }
    } catch (thrown) {
      throw thrown instanceof MillraceError ? thrown.located(yaml.place([...path, 'columns', column])) : thrown
    }
  })
  const optionsGiven = data.options !== undefined
  const options = optionsGiven
    ? checked(yaml, kind.options, 'SOURCE_INVALID', [...path, 'options'])
    : kind.options.parse({})
  return {
    name,
    kind,
    options,
    files: data.files,
    primaryKey: data.primary_key,
    stated: { fields },
    derive: data.derive,
    partitionBy: data.partition_by,
    metadata: data.metadata,
    onSchemaChange: data.on_schema_change,
    onFileChanged: data.on_file_changed,
    maxRejects: data.on_reject.max,
    at: yaml.place(path),
    ...(data.cursor === undefined ? {} : { cursor: data.cursor }),
  }
}

/** The format that file names tell: `.csv`, `.tsv`, `.json`, `.ndjson`, `.jsonl`, `.parquet`, compressed or not. */
function formatOf(files: readonly string[]): string | undefined {
  const found = new Set(
    files.map((file) => {
      const [, extension = ''] = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(file) ?? []
      const lower = extension.toLowerCase()
      if (lower === 'tsv') return 'csv'
      return lower === 'ndjson' || lower === 'jsonl' ? 'json' : lower
    }),
  )
  const [only] = found
  return found.size === 1 && SOURCE_KINDS.some(({ name }) => name === only) ? only : undefined
}
