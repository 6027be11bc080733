import { z } from 'zod'
import { type Field, MillraceError, type Place, parseType, type Schema, unknownName } from '../../base/kernel/index.ts'
import { checked, type YamlFile } from '../../base/project/index.ts'
import type { DatabaseKind, RowOrigin } from './database.ts'
import { SOURCE_KINDS } from './registry.generated.ts'
import type { FileKind } from './source.ts'

const names = z.union([z.string().transform((one) => [one]), z.array(z.string())])
/** The keys of one table. */
export const tableShape = z.strictObject({
  format: z.string().optional(),
  files: names.optional(),
  connection: z.string().min(1).optional(),
  table: z.string().min(1).optional(),
  query: z.string().min(1).optional(),
  lookback: z.union([z.string(), z.number().min(0)]).optional(),
  batch_rows: z.int().min(1).optional(),
  options: z.unknown().optional(),
  cursor: z.string().optional(),
  primary_key: names.default([]),
  columns: z.record(z.string(), z.string()).default({}),
  derive: z.record(z.string(), z.string()).default({}),
  partition_by: names.default([]),
  metadata: z.array(z.enum(['_file', '_loaded_at'])).default([]),
  on_schema_change: z.enum(['fail', 'add']).default('fail'),
  on_file_changed: z.enum(['fail', 'load', 'skip']).optional(),
  on_reject: z.strictObject({ max: z.int().min(0).default(0) }).prefault({}),
})
/** Rows of a batch of a database source, unless the source file says otherwise. */
export const BATCH_ROWS = 1_000_000

/** One table of a source, as `sources/*.yml` states it: read from files, or from a database. */
export type SourceTable = FileTable | DatabaseTable

interface TableBase {
  readonly name: string
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
  /** How many rows of a load may be rejected. */
  readonly maxRejects: number
  readonly at: Place
}

/** A table that is read from files. */
export interface FileTable extends TableBase {
  readonly reads: 'files'
  readonly kind: FileKind
  /** Checked against the kind. */
  readonly options: unknown
  /** Glob patterns relative to the project. */
  readonly files: readonly string[]
  /** What a loaded file that was changed since means, when there is no cursor. */
  readonly onFileChanged: 'fail' | 'load' | 'skip'
}

/** A table that is read from a database. */
export interface DatabaseTable extends TableBase {
  readonly reads: 'rows'
  /** The name of a connection. */
  readonly connection: string
  /** The kind that the connection must be of; absent: whatever database it is. */
  readonly kind?: DatabaseKind
  readonly from: RowOrigin
  /** How far before the greatest loaded cursor value late rows are looked for: a duration, or a number. */
  readonly lookback?: string | number
  readonly batchRows: number
}

/** What a source states for all its tables. */
export interface SourceDefaults {
  readonly format: string | undefined
  readonly connection: string | undefined
}

/**
 * A table out of what the file states of it.
 * @throws MillraceError SOURCE_INVALID, SOURCE_KIND_UNKNOWN, TYPE_INVALID with line and column
 */
export function tableOf(
  yaml: YamlFile,
  name: string,
  data: z.output<typeof tableShape>,
  source: SourceDefaults,
): SourceTable {
  const path = ['tables', name]
  const fields = Object.entries(data.columns).map(([column, type]): Field => {
    try {
      return { name: column, type: parseType(type), nullable: true }
    } catch (thrown) {
      throw thrown instanceof MillraceError ? thrown.located(yaml.place([...path, 'columns', column])) : thrown
    }
  })
  const base: TableBase = {
    name,
    primaryKey: data.primary_key,
    stated: { fields },
    derive: data.derive,
    partitionBy: data.partition_by,
    metadata: data.metadata,
    onSchemaChange: data.on_schema_change,
    maxRejects: data.on_reject.max,
    at: yaml.place(path),
    ...(data.cursor === undefined ? {} : { cursor: data.cursor }),
  }
  const ofDatabase =
    data.files === undefined && (data.connection ?? source.connection ?? data.table ?? data.query) !== undefined
  return ofDatabase
    ? { ...base, ...databasePart(yaml, name, data, source) }
    : { ...base, ...filePart(yaml, name, data, source) }
}

type TablePart<T extends SourceTable> = Omit<T, keyof TableBase>

function filePart(
  yaml: YamlFile,
  name: string,
  data: z.output<typeof tableShape>,
  source: SourceDefaults,
): TablePart<FileTable> {
  const path = ['tables', name]
  for (const key of ['connection', 'table', 'query', 'lookback', 'batch_rows'] as const) {
    if (data[key] !== undefined) {
      throw refused(yaml, [...path, key], `"${key}" of table "${name}" is for tables of a database`, 'It has `files`.')
    }
  }
  const files = data.files
  if (files === undefined) {
    const hint = 'State `files:` with paths, or `connection:` with the name of a database connection.'
    throw refused(yaml, path, `table "${name}" has nothing to be read from`, hint)
  }
  const format = data.format ?? source.format ?? formatOf(files)
  const kinds = SOURCE_KINDS.filter((one) => one.reads === 'files')
  const kind = kinds.find((candidate) => candidate.name === format)
  if (!kind) {
    const known = kinds.map((candidate) => candidate.name)
    const at = yaml.place([...path, 'format'])
    if (format !== undefined) throw unknownName('SOURCE_KIND_UNKNOWN', 'format', format, known, { at })
    const hint = `Add \`format:\` with one of ${known.join(', ')}.`
    throw refused(yaml, [...path, 'format'], `the format of table "${name}" cannot be told from its files`, hint)
  }
  const options =
    data.options === undefined
      ? kind.options.parse({})
      : checked(yaml, kind.options, 'SOURCE_INVALID', [...path, 'options'])
  return { reads: 'files', kind, options, files, onFileChanged: data.on_file_changed ?? 'fail' }
}

function databasePart(
  yaml: YamlFile,
  name: string,
  data: z.output<typeof tableShape>,
  source: SourceDefaults,
): TablePart<DatabaseTable> {
  const path = ['tables', name]
  for (const key of ['on_file_changed', 'options'] as const) {
    if (data[key] !== undefined) {
      throw refused(yaml, [...path, key], `"${key}" of table "${name}" is for tables of files`, 'Leave it out.')
    }
  }
  if (data.metadata.includes('_file')) {
    throw refused(yaml, [...path, 'metadata'], `table "${name}" is read from no file`, 'Leave `_file` out.')
  }
  const connection = data.connection ?? source.connection
  if (connection === undefined) {
    const hint = 'Add `connection:` with the name of one of the connections of millrace.yml.'
    throw refused(yaml, path, `table "${name}" does not say which connection it is read over`, hint)
  }
  if (data.table !== undefined && data.query !== undefined) {
    throw refused(yaml, [...path, 'query'], `table "${name}" has both a table and a query`, 'State one of them.')
  }
  if (data.lookback !== undefined && data.cursor === undefined) {
    throw refused(yaml, [...path, 'lookback'], `table "${name}" looks back without a cursor`, 'State a `cursor`.')
  }
  const format = data.format ?? source.format
  const kinds = SOURCE_KINDS.filter((one) => one.reads === 'rows')
  const kind = kinds.find((candidate) => candidate.name === format)
  if (format !== undefined && !kind) {
    const known = kinds.map((candidate) => candidate.name)
    throw unknownName('SOURCE_KIND_UNKNOWN', 'format', format, known, { at: yaml.place([...path, 'format']) })
  }
  return {
    reads: 'rows',
    connection,
    from: data.query === undefined ? { table: data.table ?? name } : { query: data.query },
    batchRows: data.batch_rows ?? BATCH_ROWS,
    ...(kind ? { kind } : {}),
    ...(data.lookback === undefined ? {} : { lookback: data.lookback }),
  }
}

function refused(yaml: YamlFile, path: readonly PropertyKey[], what: string, hint: string): MillraceError {
  return new MillraceError('SOURCE_INVALID', `checking ${yaml.file}: ${what}`, { at: yaml.place(path), hint })
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
