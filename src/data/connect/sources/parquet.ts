import { z } from 'zod'
import { type Field, formatType, MillraceError, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { allRejects, namesWhere, rejectRows } from '../rejects.ts'
import {
  defineSource,
  FILE_COLUMN,
  type FileColumns,
  type SourceContext,
  type SourceFile,
  type Staged,
} from '../source.ts'

export default defineSource({
  name: 'parquet',
  summary: 'Parquet files.',
  guarantee: 'Each row is loaded exactly once, or is in the reject table when a stated type does not fit it.',
  reads: 'files',
  options: z.strictObject({}),
  open: (_, context) => ({
    columns: (files) => columnsOf(files, context),
    infer: async (files) => union(await columnsOf(files, context)),
    stage: (files, schema) => stage(files, schema, context),
  }),
})

async function columnsOf(files: readonly SourceFile[], { connection }: SourceContext): Promise<FileColumns[]> {
  const found: FileColumns[] = []
  for (const file of files) {
    const { fields } = await connection
      .describe(sql`select * from read_parquet(${literal(file.location)})`)
      .catch((cause: unknown) => {
        throw new MillraceError('SOURCE_MALFORMED', `reading ${file.path}: it is not a Parquet file`, {
          cause,
          at: { file: file.path },
        })
      })
    found.push({ file, columns: fields.map(({ name, type }) => ({ name, type })), complete: true })
  }
  return found
}

/** The columns of all files; the first file decides on a type. */
function union(files: readonly FileColumns[]): Schema {
  const fields = new Map<string, Field>()
  for (const { columns } of files) {
    for (const { name, type } of columns)
      if (type && !fields.has(name)) fields.set(name, { name, type, nullable: true })
  }
  return { fields: [...fields.values()] }
}

/** Parquet is read where it lies; only columns that need another type than their files' can reject a row. */
async function stage(files: readonly SourceFile[], schema: Schema, context: SourceContext): Promise<Staged> {
  const { connection, signal } = context
  const present = union(await columnsOf(files, context))
  const types = new Map(present.fields.map(({ name, type }) => [name, type]))
  const source = sql`read_parquet([${join(files.map(({ location }) => literal(location)))}], union_by_name = true, filename = ${literal(FILE_COLUMN)})`
  const bad: { name: Sql; bad: Sql }[] = []
  const columns = schema.fields.map((field) => {
    const from = types.get(field.name)
    const target = trusted(sqlTypeName(field.type, 'duckdb'))
    if (!from) return sql`cast(null as ${target}) as ${id(field.name)}`
    if (formatType(from) === formatType(field.type)) return id(field.name)
    const cast = sql`try_cast(${id(field.name)} as ${target})`
    bad.push({ name: literal(field.name), bad: sql`(${id(field.name)} is not null and ${cast} is null)` })
    return sql`${cast} as ${id(field.name)}`
  })
  const anyBad =
    bad.length === 0
      ? undefined
      : sql`(${join(
          bad.map((one) => one.bad),
          ' or ',
        )})`
  const relation = sql`(select ${join([...columns, id(FILE_COLUMN)])} from ${source}${anyBad ? sql` where not ${anyBad}` : sql``}) as staged`
  if (!anyBad) return { relation, rejected: 0, [Symbol.asyncDispose]: async () => {} }
  const rejects = allRejects([
    rejectRows(
      {
        file: id(FILE_COLUMN),
        line: trusted('null'),
        column: namesWhere(bad),
        reason: sql`'not a value of the type that the column is to have'`,
        raw: sql`to_json(rows)`,
      },
      sql`${source} as rows where ${anyBad}`,
    ),
  ])
  const [counted] = await connection.rows<{ n: bigint }>(
    sql`select count(*) as n from ${source} where ${anyBad}`,
    signal ? { signal } : {},
  )
  const rejected = Number(counted?.n ?? 0)
  return {
    relation,
    ...(rejected > 0 && rejects ? { rejects } : {}),
    rejected,
    [Symbol.asyncDispose]: async () => {},
  }
}
