import { type Field, MillraceError, type Schema, unknownName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import { firstRecord, inferTextTypes } from '../../connect/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import { strftimePattern } from '../functions/date-pattern.ts'
import type { ReadOptions } from '../plan.ts'
import { OptionReader, type ReadMode } from './read-options.ts'
import { inFiles, namedTypes, scan, typeSql, withPartitions } from './scan.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

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

/** Files whose columns stand in the same order. */
interface Group {
  readonly files: readonly SourceFile[]
  readonly names: readonly string[]
}

/** How the files are to be read. */
interface Reading {
  readonly from: SourceFiles
  readonly groups: readonly Group[]
  readonly options: OptionReader
  readonly mode: ReadMode
  readonly header: boolean
}

/**
 * CSV files as a relation. Without a schema every column is text, unless `inferSchema` is set, which reads all of
 * it. With a header, columns are found by name; a file that lacks one has null in it.
 * @throws MillraceError COLUMN_UNKNOWN for a column of the schema that no header has, OPTION_INVALID, OPTION_UNKNOWN, SOURCE_MALFORMED
 */
export async function csvRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const options = new OptionReader('csv', written, CSV_OPTIONS)
  const header = options.flag('header', false)
  const groups = await groupsOf(from, given, options, header)
  const reading = { from, groups, options, mode: options.mode(), header }
  const schema = given ? matched(given, reading) : await found(reading, connection)
  const fields = inFiles(schema, from)
  return { sql: relationOf(fields, reading), schema: withPartitions({ fields }, from) }
}

async function groupsOf(
  from: SourceFiles,
  given: Schema | undefined,
  options: OptionReader,
  header: boolean,
): Promise<Group[]> {
  if (!header && given) return [{ files: from.files, names: inFiles(given, from).map((field) => field.name) }]
  const groups = new Map<string, { files: SourceFile[]; names: string[] }>()
  const dialect = {
    delimiter: separator(options),
    quote: options.character('quote', '"'),
    escape: options.character('escape', '"'),
  }
  for (const file of from.files) {
    const record = await firstRecord(file.url, dialect)
    if (record.length === 0) continue
    const names = record.map((name, i) => (header && name !== '' ? name : `_c${i}`))
    const twice = names.find((name, i) => names.findIndex((one) => one.toLowerCase() === name.toLowerCase()) !== i)
    if (twice !== undefined) {
      throw new MillraceError('SOURCE_MALFORMED', `reading CSV: the header has two columns "${twice}"`, {
        at: { file: file.url, line: 1 },
        hint: 'Rename one of them in the file, or read without a header and with a schema.',
      })
    }
    const group = groups.get(JSON.stringify(names))
    if (group) group.files.push(file)
    else groups.set(JSON.stringify(names), { files: [file], names })
  }
  return [...groups.values()]
}

/** The schema with its columns spelt as in the headers. */
function matched(given: Schema, { from, groups, header }: Reading): Schema {
  if (!header || groups.length === 0) return given
  const names = new Map(groups.flatMap((group) => group.names.map((name) => [name.toLowerCase(), name] as const)))
  for (const { name } of inFiles(given, from)) {
    if (names.has(name.toLowerCase())) continue
    const at = { file: groups[0]?.files[0]?.url ?? '', line: 1 }
    throw unknownName('COLUMN_UNKNOWN', 'reading CSV: the column', name, names.values(), { at })
  }
  return given
}

async function found(reading: Reading, connection: EngineConnection): Promise<Schema> {
  const names = [...new Set(reading.groups.flatMap((group) => group.names))]
  const texts = names.map((name): Field => ({ name, type: { kind: 'string' }, nullable: true }))
  if (!reading.options.flag('inferSchema', false)) return { fields: texts }
  const relation = relationOf(texts, { ...reading, mode: 'PERMISSIVE' })
  return inferTextTypes(connection, sql`${relation} as texts`, names)
}

function relationOf(fields: readonly Field[], reading: Reading): Sql {
  const { from, groups } = reading
  const selects = groups.map((group) => groupSelect(fields, group, reading))
  if (selects.length > 0) return sql`(${join(selects, ' union all ')})`
  const all = withPartitions({ fields }, from).fields
  return sql`(select ${join(all.map(({ name, type }) => sql`cast(null as ${typeSql(type)}) as ${id(name)}`))} where false)`
}

function groupSelect(fields: readonly Field[], group: Group, { from, options, mode, header }: Reading): Sql {
  const wanted = new Map(fields.map((field) => [field.name.toLowerCase(), field]))
  const patterns = options.text('dateFormat') !== undefined || options.text('timestampFormat') !== undefined
  // DuckDB converts while it parses, and so can name the line, where values need no pattern and may not become null.
  const typed = mode !== 'PERMISSIVE' && !patterns
  const columns = group.names.map((name): Field => {
    const field = wanted.get(name.toLowerCase())
    return { name, type: typed && field ? field.type : { kind: 'string' }, nullable: true }
  })
  const scanned = scan('read_csv', { ...from, files: group.files }, [
    ...dialectOf(options, header),
    sql`columns = ${namedTypes(columns)}`,
    sql`auto_detect = false`,
    ...lenience(mode, options.flag('multiLine', false)),
  ])
  const there = new Map(group.names.map((name) => [name.toLowerCase(), name]))
  const items = fields.map((field) => {
    const source = there.get(field.name.toLowerCase())
    if (source === undefined) return sql`cast(null as ${typeSql(field.type)}) as ${id(field.name)}`
    return sql`${typed ? id(source) : converted(id(source), field, options, mode)} as ${id(field.name)}`
  })
  return sql`select ${join([...items, ...from.partitions.map(({ name }) => id(name))])} from ${scanned}`
}

function separator(options: OptionReader): string {
  return options.character('sep', options.character('delimiter', ','))
}

function dialectOf(options: OptionReader, header: boolean): Sql[] {
  const encoding = options.text('encoding')
  return [
    sql`header = ${literal(header)}`,
    sql`delim = ${literal(separator(options))}`,
    sql`quote = ${literal(options.character('quote', '"'))}`,
    sql`escape = ${literal(options.character('escape', '"'))}`,
    sql`nullstr = ${literal(options.text('nullValue') ?? '')}`,
    sql`comment = ${literal(options.character('comment', ''))}`,
    ...(encoding === undefined ? [] : [sql`encoding = ${literal(encoding.toLowerCase())}`]),
  ]
}

function lenience(mode: ReadMode, multiLine: boolean): Sql[] {
  switch (mode) {
    case 'FAILFAST':
      return [sql`strict_mode = true`]
    case 'DROPMALFORMED':
      return [sql`strict_mode = true`, sql`ignore_errors = true`]
    case 'PERMISSIVE':
      // Padding short rows and line breaks in quotes exclude one another in DuckDB's parallel scanner.
      return [sql`strict_mode = false`, sql`null_padding = true`, ...(multiLine ? [sql`parallel = false`] : [])]
  }
}

/** Text as the field's type: null where it is none, or an error when the mode is to fail. */
function converted(text: Sql, field: Field, options: OptionReader, mode: ReadMode): Sql {
  if (field.type.kind === 'string') return text
  const isDate = field.type.kind === 'date'
  const pattern = isDate ? options.text('dateFormat') : options.text('timestampFormat')
  const type = typeSql(field.type)
  if (pattern !== undefined && (isDate || field.type.kind.startsWith('timestamp'))) {
    const format = literal(strftimePattern(pattern))
    const parsed = mode === 'PERMISSIVE' ? sql`try_strptime(${text}, ${format})` : sql`strptime(${text}, ${format})`
    return sql`cast(${parsed} as ${type})`
  }
  return mode === 'PERMISSIVE' ? sql`try_cast(${text} as ${type})` : sql`cast(${text} as ${type})`
}
