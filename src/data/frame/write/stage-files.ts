import { mkdir } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { duckDbText } from '../dialect/duckdb-text.ts'
import type { ReadOptions } from '../plan.ts'
import { NOT_OFFERED } from '../read/file-options.ts'
import { OptionReader } from '../read/read-options.ts'
import { numbered, SPLIT_COLUMN, splitOptions, WRITE_OPTIONS } from './split-files.ts'
import { csvHeader, csvLine, csvLines, jsonLine, textLine, timeFormats } from './text-lines.ts'

/** Files that were written to a staging folder. */
export interface Staged {
  readonly rows: number
  /** Relative to the staging folder, with partition folders. */
  readonly files: readonly string[]
}

export interface StageOptions {
  readonly connection: EngineConnection
  /** Absolute path of the staging folder. */
  readonly dir: string
  readonly partitionBy: readonly string[]
  readonly schema: Schema
  readonly options: ReadOptions
  readonly signal?: AbortSignal
}

const PARQUET_COMPRESSIONS = ['zstd', 'snappy', 'gzip', 'lz4', 'lz4_raw', 'brotli', 'uncompressed', 'none'] as const

/** Parquet, by the engine's port. */
export async function stageParquet(query: Sql, stage: StageOptions): Promise<Staged> {
  const { connection, dir, schema, options, signal } = stage
  const read = new OptionReader('parquet', options, ['compression', ...WRITE_OPTIONS])
  const port = connection.engine.files
  if (!port) throw new MillraceError('ENGINE_UNSUPPORTED', `writing Parquet with the engine ${connection.engine.name}`)
  const named = read.word('compression', PARQUET_COMPRESSIONS, 'zstd')
  const compression = named === 'none' ? 'uncompressed' : named
  const split = splitOptions(read, stage.partitionBy)
  const { rows: source, fields } = withFolders(query, stage)
  const parted = split.records !== undefined
  const written = await port.write(parted ? numbered(source, stage.partitionBy, split.records) : source, {
    dir,
    prefix: 'part',
    partitionBy: parted ? [...stage.partitionBy, SPLIT_COLUMN] : stage.partitionBy,
    schema: { fields: parted ? [...fields, { name: SPLIT_COLUMN, type: { kind: 'long' }, nullable: false }] : fields },
    on: connection,
    compression,
    ...(split.bytes === undefined ? {} : { fileBytes: split.bytes }),
    ...(signal ? { signal } : {}),
  })
  const rows = written.reduce((sum, file) => sum + file.rows, 0)
  if (written.length > 0 || stage.partitionBy.length > 0) return { rows, files: written.map((file) => file.path) }
  // A file without rows keeps the columns for readers that know nothing of us.
  await mkdir(dir, { recursive: true })
  await port.writeRows(`${dir}/part-0.parquet`, schema, [])
  return { rows, files: ['part-0.parquet'] }
}

/** The rows with the columns that become folders as the text that names them; nothing for null and for no text. */
function withFolders(query: Sql, { partitionBy, schema }: StageOptions): { rows: Sql; fields: Schema['fields'] } {
  if (partitionBy.length === 0) return { rows: query, fields: schema.fields }
  const items = schema.fields.map(({ name, type }) =>
    partitionBy.includes(name) ? sql`nullif(${duckDbText({ sql: id(name), type })}, '') as ${id(name)}` : id(name),
  )
  const fields = schema.fields.map((field) =>
    partitionBy.includes(field.name) ? { ...field, type: { kind: 'string' } as const } : field,
  )
  return { rows: sql`select ${join(items)} from (${query}) as rows`, fields }
}

const TEXT_COMPRESSIONS = ['none', 'uncompressed', 'gzip', 'zstd'] as const
const ENDING = { none: '', uncompressed: '', gzip: '.gz', zstd: '.zst' }

const CSV_WRITE = [
  'header',
  'sep',
  'delimiter',
  'quote',
  'escape',
  'charToEscapeQuoteEscaping',
  'quoteAll',
  'escapeQuotes',
  'nullValue',
  'emptyValue',
  'ignoreLeadingWhiteSpace',
  'ignoreTrailingWhiteSpace',
  'dateFormat',
  'timestampFormat',
  'timestampNTZFormat',
  'compression',
  'lineSep',
  ...WRITE_OPTIONS,
]

const NOT_WRITTEN = {
  timeZone: NOT_OFFERED.timeZone ?? '',
  locale: NOT_OFFERED.locale ?? '',
  encoding: 'Text is written in UTF-8.',
}

/** CSV with Spark's options. */
export async function stageCsv(query: Sql, stage: StageOptions): Promise<Staged> {
  const read = new OptionReader('csv', stage.options, CSV_WRITE, NOT_WRITTEN)
  const form = csvLines(read)
  const fields = stored(stage)
  const line = csvLine(fields, form)
  if (!read.flag('header', false)) return stageLines(query, stage, { ending: 'csv', line, read })
  const [row] = await stage.connection.rows<{ header: string }>(sql`select ${csvHeader(fields, form)} as header`)
  return stageLines(query, stage, { ending: 'csv', line, read, header: row?.header ?? '' })
}

/** JSON, an object a line. */
export async function stageJson(query: Sql, stage: StageOptions): Promise<Staged> {
  const known = [
    'compression',
    'dateFormat',
    'timestampFormat',
    'timestampNTZFormat',
    'ignoreNullFields',
    'lineSep',
    ...WRITE_OPTIONS,
  ]
  const read = new OptionReader('json', stage.options, known, NOT_WRITTEN)
  const line = jsonLine(stored(stage), timeFormats(read), read.flag('ignoreNullFields', true))
  return stageLines(query, stage, { ending: 'json', line, read })
}

/** Text: one column, a line a row. */
export async function stageText(query: Sql, stage: StageOptions): Promise<Staged> {
  const read = new OptionReader('text', stage.options, ['compression', 'lineSep', ...WRITE_OPTIONS], NOT_WRITTEN)
  return stageLines(query, stage, { ending: 'txt', line: textLine({ fields: stored(stage) }), read })
}

function stored({ schema, partitionBy }: StageOptions): Schema['fields'] {
  return schema.fields.filter(({ name }) => !partitionBy.includes(name))
}

/** What no line holds. */
const NEVER = '\x01\x02\x1f\x02'
const LINE = 'millrace_line'

interface Lines {
  readonly ending: string
  /** The line of a row. */
  readonly line: Sql
  readonly read: OptionReader
  readonly header?: string
}

/** Lines of text, as they are. */
async function stageLines(query: Sql, stage: StageOptions, { ending, line, read, header }: Lines): Promise<Staged> {
  const { connection, dir, partitionBy, signal, schema } = stage
  const compression = read.word('compression', TEXT_COMPRESSIONS, 'none')
  const split = splitOptions(read, partitionBy)
  const end = read.text('lineSep') ?? '\n'
  if (end !== '\n' && end !== '\r\n') throw read.invalid('lineSep', end, '\\n, \\r\\n')
  const tail = end === '\n' ? sql`` : sql` || chr(13)`
  // The name of the only column that is not a folder is written as the header.
  const column = `${header || 'line'}${end === '\n' ? '' : '\r'}`
  const folders = partitionBy.map((name) => {
    const type = schema.fields.find((field) => field.name === name)?.type ?? { kind: 'string' as const }
    return sql`nullif(${duckDbText({ sql: id(name), type })}, '') as ${id(name)}`
  })
  const inner = sql`select ${join([sql`${line}${tail} as ${id(LINE)}`, ...folders])} from (${query}) as rows`
  const source = split.records === undefined ? inner : numbered(inner, partitionBy, split.records)
  const by = split.records === undefined ? partitionBy : [...partitionBy, SPLIT_COLUMN]
  const isFolder = by.length > 0 || split.bytes !== undefined
  const name = `part-0.${ending}${ENDING[compression]}`
  await mkdir(isFolder ? dirname(dir) : dir, { recursive: true })
  const options = [
    sql`format csv, header ${literal(header !== undefined)}, quote '', escape '', delimiter ${literal(NEVER)}, nullstr ''`,
    sql`compression ${literal(compression === 'uncompressed' ? 'none' : compression)}, return_files true`,
    ...(isFolder ? [sql`file_extension ${literal(name.slice(name.indexOf('.') + 1))}`] : []),
    ...(split.bytes === undefined ? [] : [sql`file_size_bytes ${trusted(String(split.bytes))}`]),
    ...(by.length === 0 ? [] : [sql`partition_by (${join(by.map((one) => id(one)))}), filename_pattern 'part-{i}'`]),
  ]
  const chosen = join([sql`${id(LINE)} as ${id(column)}`, ...by.map((one) => id(one))])
  const [result] = await connection.rows<{ Count: bigint; Files: string[] }>(
    sql`copy (select ${chosen} from (${source}) as lines) to ${literal(isFolder ? dir : `${dir}/${name}`)} (${join(options)})`,
    signal ? { signal } : {},
  )
  const files = (result?.Files ?? []).map((file) => relative(dir, file).split(sep).join('/'))
  return { rows: Number(result?.Count ?? 0), files }
}
