import { z } from 'zod'
import { type Field, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { firstRecord } from '../csv-header.ts'
import { inferTextTypes } from '../infer-text-types.ts'
import { linesAt } from '../physical-lines.ts'
import { allRejects, namesWhere, rejectRows } from '../rejects.ts'
import {
  defineSource,
  FILE_COLUMN,
  type FileColumns,
  type SourceContext,
  type SourceFile,
  type Staged,
} from '../source.ts'
import { TempTables } from '../temp-tables.ts'
import { notWhole, stagedNumbers, stagedType, wantedColumns } from '../whole-numbers.ts'

const options = z.strictObject({
  delimiter: z.string().min(1).max(4).optional(),
  header: z.boolean().default(true),
  quote: z.string().max(1).default('"'),
  escape: z.string().max(1).default('"'),
  /** Texts that stand for a missing value, beside an empty one. */
  null_value: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  /** Whether a quoted text can stand for a missing value too: `""` is then null and not an empty text. */
  allow_quoted_nulls: z.boolean().default(true),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).default('utf-8'),
  date_format: z.string().optional(),
  timestamp_format: z.string().optional(),
})
type Options = z.output<typeof options>

export default defineSource({
  name: 'csv',
  summary: 'Delimited text files (RFC 4180), also compressed (.gz, .zst).',
  guarantee: 'Each row is loaded exactly once or is in the reject table with file, line, column and reason.',
  reads: 'files',
  options,
  open: (given, context) => ({
    columns: (files) => columnsOf(files, given, context),
    infer: (files) => infer(files, given, context),
    stage: (files, schema) => stage(files, schema, given, context),
  }),
})

async function columnsOf(
  files: readonly SourceFile[],
  given: Options,
  { stated }: SourceContext,
): Promise<FileColumns[]> {
  if (!given.header && stated.fields.length === 0) {
    throw new MillraceError('SOURCE_INVALID', 'the files have no header and the source states no columns', {
      hint: 'List all columns in order under `columns:`.',
    })
  }
  const found: FileColumns[] = []
  for (const file of files) {
    const names = given.header
      ? (await firstRecord(file.location, dialectOf(file, given))).map((name) => name.trim())
      : stated.fields.map(({ name }) => name)
    const twice = names.find((name, index) => name === '' || names.indexOf(name) !== index)
    if (twice !== undefined) {
      throw new MillraceError(
        'SOURCE_MALFORMED',
        `reading the header of ${file.path}: ${twice === '' ? 'a column has no name' : `"${twice}" occurs twice`}`,
        {
          at: { file: file.path, line: 1 },
        },
      )
    }
    // An empty file has no header and no rows: nothing in it contradicts a schema.
    found.push({ file, columns: names.map((name) => ({ name })), complete: names.length > 0 })
  }
  return found
}

async function infer(files: readonly SourceFile[], given: Options, context: SourceContext): Promise<Schema> {
  const named = await columnsOf(files, given, context)
  const names = [...new Set(named.flatMap(({ columns }) => columns.map(({ name }) => name)))]
  const texts = { fields: names.map((name): Field => ({ name, type: { kind: 'string' }, nullable: true })) }
  await using staged = await stage(files, texts, given, context)
  return await inferTextTypes(context.connection, staged.relation, names)
}

async function stage(
  files: readonly SourceFile[],
  schema: Schema,
  given: Options,
  context: SourceContext,
): Promise<Staged> {
  const { connection, signal } = context
  const temp = new TempTables(connection)
  try {
    const rows = temp.table('rows')
    const columns = schema.fields.map(({ name, type }) => sql`${id(name)} ${trusted(stagedType(type))}`)
    await connection.execute(sql`create temp table ${rows} (${join([...columns, sql`${id(FILE_COLUMN)} varchar`])})`)
    const rejects: Sql[] = []
    for (const [index, group] of sameHeader(await columnsOf(files, given, context)).entries()) {
      const reading = read(group, schema, given, temp, index)
      const wanted = join([...schema.fields.map(({ name }) => id(name)), id(FILE_COLUMN)])
      const present = group.names.filter((name) => schema.fields.some((field) => field.name === name))
      const target = join([...present.map((name) => id(name)), id(FILE_COLUMN)])
      await connection.execute(
        sql`insert into ${rows} (${present.length === schema.fields.length ? wanted : target}) select ${present.length === schema.fields.length ? wanted : target} from ${reading.relation}`,
        signal ? { signal } : {},
      )
      rejects.push(await malformed(connection, reading.rejects, reading.scans, temp, index))
    }
    const bad = stagedNumbers(schema.fields).map((field) => ({ name: literal(field.name), bad: notWhole(field) }))
    const anyBad =
      bad.length === 0
        ? sql`false`
        : sql`(${join(
            bad.map((one) => one.bad),
            ' or ',
          )})`
    rejects.push(
      rejectRows(
        {
          file: id(FILE_COLUMN),
          line: trusted('null'),
          column: namesWhere(bad),
          reason: sql`'not a whole number in the range of the column'`,
          raw: sql`to_json(rows)`,
        },
        sql`${rows} as rows where ${anyBad}`,
      ),
    )
    const all = allRejects(rejects)
    const [counted] = await connection.rows<{ n: bigint }>(
      sql`select count(*) as n from ${all ?? sql`(select 1 where false)`}`,
    )
    const rejected = Number(counted?.n ?? 0)
    return {
      relation: sql`(select ${wantedColumns(schema.fields)}, ${id(FILE_COLUMN)} from ${rows} where not ${anyBad}) as staged`,
      ...(rejected > 0 && all ? { rejects: all } : {}),
      rejected,
      [Symbol.asyncDispose]: () => temp.drop(),
    }
  } catch (thrown) {
    await temp.drop()
    throw thrown
  }
}

/** Files whose header names the same columns in the same order: read_csv takes columns by position. */
interface HeaderGroup {
  readonly names: readonly string[]
  readonly files: SourceFile[]
}

function sameHeader(files: readonly FileColumns[]): HeaderGroup[] {
  const groups = new Map<string, HeaderGroup>()
  for (const { file, columns } of files) {
    if (columns.length === 0) continue
    const names = columns.map(({ name }) => name)
    const key = JSON.stringify([names, file.location.endsWith('.tsv')])
    const group = groups.get(key) ?? { names, files: [] }
    group.files.push(file)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function read(group: HeaderGroup, schema: Schema, given: Options, temp: TempTables, index: number) {
  const [first] = group.files
  if (!first) throw new MillraceError('INTERNAL', 'reading a group of no files')
  const dialect = dialectOf(first, given)
  const types = new Map(schema.fields.map(({ name, type }) => [name, stagedType(type)]))
  const columns = group.names.map((name) => sql`${literal(name)}: ${literal(types.get(name) ?? 'VARCHAR')}`)
  const rejects = temp.name(`rejects${index}`)
  const scans = temp.name(`scans${index}`)
  const nulls = given.null_value.length === 0 ? [] : ['', ...given.null_value]
  const settings = [
    sql`auto_detect = false, header = ${trusted(String(given.header))}, filename = ${literal(FILE_COLUMN)}`,
    sql`delim = ${literal(dialect.delimiter)}, quote = ${literal(dialect.quote)}, escape = ${literal(dialect.escape)}`,
    sql`columns = {${join(columns)}}, encoding = ${literal(given.encoding)}, max_line_size = 16777216`,
    sql`store_rejects = true, rejects_limit = 0, allow_quoted_nulls = ${trusted(String(given.allow_quoted_nulls))}`,
    sql`rejects_table = ${literal(rejects)}, rejects_scan = ${literal(scans)}`,
    ...(nulls.length > 0 ? [sql`nullstr = [${join(nulls.map((text) => literal(text)))}]`] : []),
    ...(given.date_format === undefined ? [] : [sql`dateformat = ${literal(given.date_format)}`]),
    ...(given.timestamp_format === undefined ? [] : [sql`timestampformat = ${literal(given.timestamp_format)}`]),
  ]
  const files = join(group.files.map(({ location }) => literal(location)))
  return { relation: sql`read_csv([${files}], ${join(settings)})`, rejects: id(rejects), scans: id(scans) }
}

/** The rows that the engine could not read, one row each, with the line as a text editor counts it. */
async function malformed(
  connection: EngineConnection,
  rejects: Sql,
  scans: Sql,
  temp: TempTables,
  index: number,
): Promise<Sql> {
  const lines = temp.table(`lines${index}`)
  await connection.execute(sql`create temp table ${lines} (file varchar, position bigint, line bigint)`)
  const found = await connection.rows<{ file: string; position: bigint }>(sql`
    select distinct s.file_path as "file", r.line_byte_position::bigint as "position"
    from ${rejects} r join ${scans} s using (scan_id, file_id)`)
  for (const [file, rows] of Map.groupBy(found, (row) => row.file)) {
    const numbers = await linesAt(
      file,
      rows.map((row) => Number(row.position)),
    )
    const values = [...numbers].map(
      ([position, line]) => sql`(${literal(file)}, ${literal(position)}, ${literal(line)})`,
    )
    for (let from = 0; from < values.length; from += 1000) {
      await connection.execute(sql`insert into ${lines} values ${join(values.slice(from, from + 1000))}`)
    }
  }
  return rejectRows(
    {
      file: sql`s.file_path`,
      line: sql`any_value(l.line)`,
      column: sql`string_agg(r.column_name, ', ' order by r.column_idx) filter (where r.error_type = 'CAST')`,
      reason: sql`string_agg(r.error_message, '; ' order by r.column_idx)`,
      raw: sql`any_value(r.csv_line)`,
    },
    sql`${rejects} r join ${scans} s using (scan_id, file_id)
      join ${lines} l on l.file = s.file_path and l.position = r.line_byte_position
      group by s.file_path, r.line_byte_position`,
  )
}

function dialectOf(file: SourceFile, given: Options) {
  const tabs = /\.tsv(\.gz|\.zst)?$/i.test(file.location)
  return { delimiter: given.delimiter ?? (tabs ? '\t' : ','), quote: given.quote, escape: given.escape }
}
