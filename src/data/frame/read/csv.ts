import { type Field, type Schema, unknownName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import { strftimePattern } from '../functions/date-pattern.ts'
import type { ReadOptions } from '../plan.ts'
import { OptionReader, type ReadMode } from './read-options.ts'
import { describeScan, inFiles, namedTypes, scan, typeSql, withPartitions } from './scan.ts'
import type { SourceFiles } from './source-files.ts'

/** Options of CSV, by Spark's names. */
export const CSV_OPTIONS = [
  'header',
  'sep',
  'delimiter',
  'quote',
  'escape',
  'nullValue',
  'inferSchema',
  'mode',
  'encoding',
  'comment',
  'dateFormat',
  'timestampFormat',
  'multiLine',
] as const

/**
 * CSV files as a relation. Without a schema every column is text, unless `inferSchema` is set, which reads all of
 * it. With a header, columns are found by name.
 * @throws MillraceError COLUMN_UNKNOWN for a column of the schema that a header lacks, OPTION_INVALID, OPTION_UNKNOWN
 */
export async function csvRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const options = new OptionReader('csv', written, CSV_OPTIONS)
  const mode = options.mode()
  const header = options.flag('header', false)
  const shape = dialectOf(options, header)
  const found = await columnsOf(from, options, shape, connection)
  const schema = given ? matched(given, found, header, from) : found
  const fields = inFiles(schema, from)
  const names = header ? fields.map((field) => field.name) : inFiles(found, from).map((field) => field.name)
  const columns = fields.map((field, i) => ({ field, source: names[i] ?? field.name }))
  const strict = mode === 'FAILFAST' && !options.text('dateFormat') && !options.text('timestampFormat')
  const typed = strict || (mode === 'DROPMALFORMED' && !options.text('dateFormat') && !options.text('timestampFormat'))
  const read = header
    ? sql`all_varchar = ${literal(!typed)}${typed ? sql`, types = ${namedTypes(fields)}` : sql``}, union_by_name = true`
    : sql`columns = ${namedTypes(columns.map(({ field, source }) => ({ ...field, name: source, type: typed ? field.type : { kind: 'string' } })))}, auto_detect = false`
  const scanned = scan('read_csv', from, [...shape, read, ...lenience(mode)])
  const items = columns.map(({ field, source }) => {
    const value = typed ? id(source) : converted(id(source), field, options, mode)
    return sql`${value} as ${id(field.name)}`
  })
  const folders = from.partitions.map(({ name }) => id(name))
  return {
    sql: sql`(select ${join([...items, ...folders])} from ${scanned})`,
    schema: withPartitions({ fields }, from),
  }
}

function dialectOf(options: OptionReader, header: boolean): Sql[] {
  const encoding = options.text('encoding')
  return [
    sql`header = ${literal(header)}`,
    sql`delim = ${literal(options.character('sep', options.character('delimiter', ',')))}`,
    sql`quote = ${literal(options.character('quote', '"'))}`,
    sql`escape = ${literal(options.character('escape', '"'))}`,
    sql`nullstr = ${literal(options.text('nullValue') ?? '')}`,
    sql`comment = ${literal(options.character('comment', ''))}`,
    sql`skip = 0`,
    ...(encoding === undefined ? [] : [sql`encoding = ${literal(encoding.toLowerCase())}`]),
  ]
}

function lenience(mode: ReadMode): Sql[] {
  switch (mode) {
    case 'FAILFAST':
      return [sql`strict_mode = true`]
    case 'DROPMALFORMED':
      return [sql`strict_mode = true`, sql`ignore_errors = true`]
    case 'PERMISSIVE':
      return [sql`strict_mode = false`, sql`null_padding = true`]
  }
}

async function columnsOf(
  from: SourceFiles,
  options: OptionReader,
  shape: readonly Sql[],
  connection: EngineConnection,
): Promise<Schema> {
  const inferred = options.flag('inferSchema', false)
  const types = inferred ? [sql`sample_size = -1`] : [sql`all_varchar = true`]
  const header = options.flag('header', false)
  const lenient = options.mode() === 'FAILFAST' && !inferred ? lenience('FAILFAST') : lenience('PERMISSIVE')
  const found = await describeScan(
    connection,
    scan('read_csv', from, [...shape, ...types, ...lenient, sql`union_by_name = ${literal(header)}`]),
  )
  if (header) return found
  const folders = new Set(from.partitions.map(({ name }) => name))
  let next = 0
  return {
    fields: found.fields.map((field): Field => (folders.has(field.name) ? field : { ...field, name: `_c${next++}` })),
  }
}

function matched(given: Schema, found: Schema, header: boolean, from: SourceFiles): Schema {
  if (!header) return given
  const names = new Map(inFiles(found, from).map((field) => [field.name.toLowerCase(), field.name]))
  const fields = given.fields.map((field) => {
    const folder = from.partitions.some(({ name }) => name.toLowerCase() === field.name.toLowerCase())
    const name = folder ? field.name : names.get(field.name.toLowerCase())
    if (name !== undefined) return { ...field, name }
    throw unknownName('COLUMN_UNKNOWN', 'reading CSV: the column', field.name, names.values(), {
      at: { file: from.files[0]?.url ?? '', line: 1 },
    })
  })
  return { fields }
}

/** Text as the field's type: null where it is none, or an error when the mode is to fail. */
function converted(text: Sql, field: Field, options: OptionReader, mode: ReadMode): Sql {
  if (field.type.kind === 'string') return text
  const pattern = field.type.kind === 'date' ? options.text('dateFormat') : options.text('timestampFormat')
  const temporal = field.type.kind === 'date' || field.type.kind.startsWith('timestamp')
  const type = typeSql(field.type)
  if (temporal && pattern !== undefined) {
    const format = literal(strftimePattern(pattern))
    return mode === 'FAILFAST'
      ? sql`cast(strptime(${text}, ${format}) as ${type})`
      : sql`cast(try_strptime(${text}, ${format}) as ${type})`
  }
  return mode === 'FAILFAST' ? sql`cast(${text} as ${type})` : sql`try_cast(${text} as ${type})`
}
