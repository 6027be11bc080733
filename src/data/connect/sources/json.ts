import { z } from 'zod'
import type { Field, Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, sql, trusted } from '../../../base/sql/index.ts'
import { type JsonLayout, jsonLayout, layoutGroups } from '../json-layout.ts'
import { stageJsonRecords } from '../json-records.ts'
import { engineRefused, malformedFile } from '../malformed.ts'
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
  /** One object a line (true), or one array of objects (false); told from each file's first character when absent. */
  lines: z.boolean().optional(),
})
type Options = z.output<typeof options>

export default defineSource({
  name: 'json',
  summary: 'JSON: one object a line (NDJSON), or an array of objects; also compressed (.gz, .zst).',
  guarantee: 'Each row is loaded exactly once or is in the reject table with file, line, column and reason.',
  reads: 'files',
  options,
  open: (given, context) => ({
    columns: (files) => columnsOf(files, given, context),
    infer: (files) => infer(files, given, context),
    stage: (files, schema) => stage(files, schema, given, context),
  }),
})

async function columnsOf(files: readonly SourceFile[], given: Options, context: SourceContext): Promise<FileColumns[]> {
  const names = new Map<string, string[]>(files.map((file) => [file.location, []]))
  for (const { layout, members } of await layoutGroups(files, given.lines)) {
    const rows = await objects(members, layout, context)
    for (const { file, name } of rows) names.get(file)?.push(name)
  }
  return files.map((file) => ({
    file,
    columns: (names.get(file.location) ?? []).map((name) => ({ name })),
    complete: false,
  }))
}

/** The member names of each file, in the order of their first occurrence. */
async function objects(
  files: readonly SourceFile[],
  layout: JsonLayout,
  { connection, signal }: SourceContext,
): Promise<{ file: string; name: string }[]> {
  const format = layout === 'lines' ? sql`format = 'newline_delimited', ignore_errors = true` : sql`format = 'array'`
  const locations = join(files.map(({ location }) => literal(location)))
  return connection
    .rows<{ file: string; name: string }>(
      sql`
        select "file", "name" from (
          select filename as "file", unnest(json_keys("json")) as "name"
          from read_json_objects([${locations}], ${format}, filename = true, maximum_object_size = 67108864)
          where json_type("json") = 'OBJECT'
        ) as members group by all order by all`,
      signal ? { signal } : {},
    )
    .catch((thrown: unknown) => {
      throw malformedFile(thrown, files)
    })
}

async function infer(files: readonly SourceFile[], given: Options, { connection }: SourceContext): Promise<Schema> {
  const fields = new Map<string, Field>()
  for (const { layout, members } of await layoutGroups(files, given.lines)) {
    const locations = join(members.map(({ location }) => literal(location)))
    const found = await connection
      .describe(
        sql`select * from read_json([${locations}], ${jsonLayout(layout)}, union_by_name = true, sample_size = -1,
          ignore_errors = ${trusted(String(layout === 'lines'))}, maximum_object_size = 67108864)`,
      )
      .catch((thrown: unknown) => {
        throw malformedFile(thrown, members)
      })
    for (const field of found.fields) {
      // A member whose values have several types is kept as text.
      const type = field.type.kind === 'json' || field.type.kind === 'null' ? ({ kind: 'string' } as const) : field.type
      if (!fields.has(field.name)) fields.set(field.name, { ...field, type })
    }
  }
  return { fields: [...fields.values()] }
}

async function stage(
  files: readonly SourceFile[],
  schema: Schema,
  given: Options,
  context: SourceContext,
): Promise<Staged> {
  const groups = await layoutGroups(files, given.lines)
  const fast = await stageWhole(groups, schema, context)
  return fast ?? (await stageJsonRecords(groups, schema, context))
}

/**
 * The engine's own reader takes clean files whole; undefined when it refuses one, or finds a number that is not
 * whole: then the records are looked at one by one.
 */
async function stageWhole(
  groups: readonly { layout: JsonLayout; members: readonly SourceFile[] }[],
  schema: Schema,
  { connection, signal }: SourceContext,
): Promise<Staged | undefined> {
  const temp = new TempTables(connection)
  const asked = signal ? { signal } : {}
  try {
    const rows = temp.table('rows')
    const columns = schema.fields.map(({ name, type }) => sql`${id(name)} ${trusted(stagedType(type))}`)
    await connection.execute(sql`create temp table ${rows} (${join([...columns, sql`${id(FILE_COLUMN)} varchar`])})`)
    for (const { layout, members } of groups) {
      const locations = join(members.map(({ location }) => literal(location)))
      const types = join(schema.fields.map(({ name, type }) => sql`${literal(name)}: ${literal(stagedType(type))}`))
      const wanted = join([...schema.fields.map(({ name }) => id(name)), id(FILE_COLUMN)])
      await connection.execute(
        sql`insert into ${rows} (${wanted}) select ${wanted} from read_json([${locations}], ${jsonLayout(layout)},
          columns = {${types}}, filename = ${literal(FILE_COLUMN)}, maximum_object_size = 67108864)`,
        asked,
      )
    }
    const bad = stagedNumbers(schema.fields).map(notWhole)
    if (bad.length > 0) {
      const [found] = await connection.rows(sql`select 1 as n from ${rows} where ${join(bad, ' or ')} limit 1`, asked)
      if (found) {
        await temp.drop()
        return undefined
      }
    }
    return {
      relation: sql`(select ${wantedColumns(schema.fields)}, ${id(FILE_COLUMN)} from ${rows}) as staged`,
      rejected: 0,
      [Symbol.asyncDispose]: () => temp.drop(),
    }
  } catch (thrown) {
    await temp.drop()
    if (engineRefused(thrown)) return undefined
    throw thrown
  }
}
