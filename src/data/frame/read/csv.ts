import { type Field, formatType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { ReadOptions } from '../plan.ts'
import { CSV_NOT_OFFERED, CSV_OPTIONS, type CsvDialect, csvDialect } from './csv-dialect.ts'
import { type CsvHeads, csvHeads } from './csv-heads.ts'
import { isRecord, recordsOf, tokensOf } from './csv-tokens.ts'
import { csvTypes } from './csv-types.ts'
import { type FileChoice, fileChoice } from './file-options.ts'
import { linesOf, textsOf } from './lines.ts'
import { OptionReader } from './read-options.ts'
import { emptyRelation, inFiles, partScans, withPartitions } from './scan.ts'
import { malformedRow } from './source-error.ts'
import type { SourceFiles } from './source-files.ts'
import { textValue } from './text-value.ts'

const readerOf = (written: ReadOptions) => new OptionReader('csv', written, CSV_OPTIONS, CSV_NOT_OFFERED)

/** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID */
export function csvChoice(written: ReadOptions): FileChoice {
  return fileChoice(readerOf(written))
}

/**
 * CSV files as a relation, read as Spark reads them. Columns are those of the schema by their place, else those of the
 * first line: its names with `header`, `_c0`, `_c1` … without; they are text unless `inferSchema` is set.
 * @throws MillraceError OPTION_INVALID, OPTION_UNKNOWN, SOURCE_EMPTY, SOURCE_MALFORMED, TYPE_UNSUPPORTED
 */
export async function csvRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const options = readerOf(written)
  const dialect = csvDialect(options)
  const heads = await csvHeads(from.files, dialect, connection, given === undefined)
  const enforced = options.flag('enforceSchema', true)
  if (given) {
    const fields = inFiles(given, from)
    const schema = withPartitions({ fields }, from)
    if (dialect.header && !enforced) checkHeads(fields, heads, dialect)
    if (heads.groups.length === 0) return emptyRelation(schema)
    return { sql: valuesOf(fields, from, heads, dialect), schema }
  }
  const { names } = heads
  if (!names) {
    throw new MillraceError('SOURCE_EMPTY', 'reading CSV: there is no line in the files that could tell the columns', {
      at: { file: from.files[0]?.url ?? '' },
      hint: 'Give a schema: read.schema("id bigint, name string").',
    })
  }
  const texts = names.map((name): Field => ({ name, type: { kind: 'string' }, nullable: true }))
  const ratio = options.number('samplingRatio', (of) => of > 0 && of <= 1, 'a number above 0, up to 1') ?? 1
  const preferDate = options.flag('preferDate', true)
  if (!options.flag('inferSchema', false)) {
    const fields = inFiles({ fields: texts }, from)
    return { sql: valuesOf(texts, from, heads, dialect), schema: withPartitions({ fields }, from) }
  }
  const lenient: CsvDialect = { ...dialect, mode: 'PERMISSIVE' }
  const relation = valuesOf(texts, { ...from, partitions: [] }, heads, lenient, ratio)
  const types = await csvTypes(connection, relation, names, { ...dialect, preferDate })
  const fields = texts.map((field, at) => ({ ...field, type: types[at] ?? field.type }))
  return {
    sql: valuesOf(fields, from, heads, dialect),
    schema: withPartitions({ fields: inFiles({ fields }, from) }, from),
  }
}

/** @throws MillraceError SOURCE_MALFORMED where a header has other names than the schema */
function checkHeads(fields: readonly Field[], { headers }: CsvHeads, { corrupt }: CsvDialect): void {
  const wanted = fields.filter(({ name }) => name !== corrupt).map(({ name }) => name)
  for (const { file, names } of headers) {
    const at = wanted.findIndex((name, i) => name.toLowerCase() !== names[i]?.toLowerCase())
    if (at < 0 && names.length === wanted.length) continue
    const column = at < 0 ? wanted.length : at
    throw new MillraceError(
      'SOURCE_MALFORMED',
      `reading CSV: column ${column + 1} is "${names[column] ?? ''}" in the header, and "${wanted[column] ?? ''}" in the schema`,
      {
        at: { file, line: 1 },
        hint: 'Write the schema as the file has it, or set enforceSchema: true, which takes columns by their place.',
      },
    )
  }
}

/** The values of the files as a query; those of columns that `fields` has, by their place. */
function valuesOf(
  fields: readonly Field[],
  from: SourceFiles,
  { groups }: CsvHeads,
  dialect: CsvDialect,
  ratio = 1,
): Sql {
  const corrupt = fields.find(({ name }) => name === dialect.corrupt)
  if (corrupt && corrupt.type.kind !== 'string') throw corruptType(corrupt)
  const stored = fields.filter((field) => field !== corrupt)
  const selects = groups.flatMap(({ files, skip }) =>
    partScans(from, files).map((part) => {
      const partitions = part.partitions.map((value, at) => sql`${value} as ${id(`p${at}`)}`)
      const kept = join([sql`filename`, ...partitions])
      const records = dialect.multiLine
        ? sql`select unnest(${recordsOf(sql`content`, dialect)}[${literal(dialect.header ? 2 : 1)}:]) as record, ${kept} from ${textsOf(part.files)}`
        : sql`select line as record, ${kept} from ${linesOf(part.files, dialect, skip)} where ${isRecord(sql`line`, dialect, false)}`
      return rowsOf(records, stored, corrupt, fields, from, dialect, ratio)
    }),
  )
  return sql`(${join(selects, ' union all ')})`
}

function rowsOf(
  records: Sql,
  stored: readonly Field[],
  corrupt: Field | undefined,
  fields: readonly Field[],
  from: SourceFiles,
  dialect: CsvDialect,
  ratio: number,
): Sql {
  const { mode, nullValue } = dialect
  const partitions = from.partitions.map((_column, at) => id(`p${at}`))
  const kept = [sql`record`, sql`filename`, ...partitions]
  const sample = ratio < 1 ? sql` where hash(record) % 1000000 < ${literal(Math.round(ratio * 1_000_000))}` : sql``
  const tokens = sql`select ${join([...kept, sql`${tokensOf(sql`record`, dialect)} as tokens`])} from (${records}) as records${sample}`
  const texts = stored.map(
    (_field, at) => sql`nullif(tokens[${literal(at + 1)}], ${literal(nullValue)}) as ${id(`t${at}`)}`,
  )
  const taken = sql`select ${join([...kept, sql`len(tokens) as found`, ...texts])} from (${tokens}) as lines`
  const values = stored.map(({ type }, at) => sql`${textValue(sql`${id(`t${at}`)}`, type, dialect)} as ${id(`v${at}`)}`)
  const given = stored.map((_field, at) => id(`t${at}`))
  const typed = sql`select ${join([...kept, sql`found`, ...given, ...values])} from (${taken}) as texts`
  const wrong = stored.map(({ type }, at) =>
    type.kind === 'string' ? undefined : sql`(${id(`t${at}`)} is not null and ${id(`v${at}`)} is null)`,
  )
  const bad = join([sql`found <> ${literal(stored.length)}`, ...wrong.filter((one) => one !== undefined)], ' or ')
  const result = fields.map((field) => {
    if (field === corrupt) return sql`case when ${bad} then record end as ${id(field.name)}`
    const at = from.partitions.findIndex(({ name }) => name.toLowerCase() === field.name.toLowerCase())
    return at < 0 ? sql`${id(`v${stored.indexOf(field)}`)} as ${id(field.name)}` : undefined
  })
  const folders = from.partitions.map(({ name }, at) => sql`${id(`p${at}`)} as ${id(name)}`)
  const all = join([...result.filter((one) => one !== undefined), ...folders])
  const rows = sql`select ${all} from (${typed}) as typed`
  if (mode === 'PERMISSIVE') return rows
  if (mode === 'DROPMALFORMED') return sql`${rows} where not (${bad})`
  const column = wrong.reduce<Sql>(
    (so, one, at) => (one === undefined ? so : sql`${so} when ${one} then ${literal(stored[at]?.name ?? '')}`),
    sql`case when false then ''`,
  )
  const why = sql`case when found <> ${literal(stored.length)} then found || ' columns where ' || ${literal(stored.length)} || ' are expected' end`
  return sql`${rows} where case when ${bad} then ${malformedRow('CSV', sql`record`, sql`${column} end`, why)} else true end`
}

export function corruptType({ name, type }: Field): MillraceError {
  return new MillraceError(
    'COLUMN_TYPE',
    `the column "${name}" gets the text of rows that do not fit, and is ${formatType(type)}`,
    {
      hint: `Make it a string: "${name} string".`,
    },
  )
}
