import type { Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { ReadOptions } from '../plan.ts'
import { OptionReader } from './read-options.ts'
import { describeScan, inFiles, namedTypes, scan, typeSql, withPartitions } from './scan.ts'
import type { SourceFiles } from './source-files.ts'

/** Options of JSON, by Spark's names. */
export const JSON_OPTIONS = ['mode', 'multiLine', 'dateFormat', 'timestampFormat'] as const

/**
 * JSON files, an object a line, or with `multiLine` also arrays of objects, as a relation. Without a schema all of
 * it is read to find columns and types.
 */
export async function jsonRelation(
  from: SourceFiles,
  given: Schema | undefined,
  written: ReadOptions,
  connection: EngineConnection,
): Promise<Relation> {
  const options = new OptionReader('json', written, JSON_OPTIONS)
  const mode = options.mode()
  const multiLine = options.flag('multiLine', false)
  const format = sql`format = ${literal(multiLine ? 'auto' : 'newline_delimited')}`
  // Only lines can be skipped: without them there is no telling where the next object begins.
  const lenient = mode !== 'FAILFAST' && !multiLine
  const errors = lenient ? [sql`ignore_errors = true`] : []
  const schema =
    given ??
    (await describeScan(
      connection,
      scan('read_json', from, [
        format,
        sql`sample_size = -1`,
        sql`union_by_name = true`,
        sql`maximum_depth = -1`,
        ...errors,
      ]),
    ))
  const fields = inFiles(schema, from)
  const result = withPartitions({ fields }, from)
  const folders = from.partitions.map(({ name }) => id(name))
  if (!lenient) {
    const scanned = scan('read_json', from, [format, sql`columns = ${namedTypes(fields)}`])
    return {
      sql: sql`(select ${join([...fields.map((field) => id(field.name)), ...folders])} from ${scanned})`,
      schema: result,
    }
  }
  const scanned = scan('read_json_objects', from, [format, ...errors])
  const members = fields.map((field) => ({
    field,
    json: sql`(json -> ${literal(jsonPath(field.name))})`,
    text: sql`(json ->> ${literal(jsonPath(field.name))})`,
  }))
  const items = members.map(({ field, json, text }) => {
    const value = field.type.kind === 'string' ? text : sql`try_cast(${json} as ${typeSql(field.type)})`
    return sql`${value} as ${id(field.name)}`
  })
  const rows = sql`select ${join([...items, ...folders])} from ${scanned}`
  if (mode === 'PERMISSIVE') return { sql: sql`(${rows})`, schema: result }
  const fits = members.map(
    ({ field, json }): Sql =>
      sql`(${json} is null or json_type(${json}) = 'NULL' or try_cast(${json} as ${typeSql(field.type)}) is not null)`,
  )
  return { sql: sql`(${rows} where ${join([sql`json is not null`, ...fits], ' and ')})`, schema: result }
}

function jsonPath(name: string): string {
  return `$."${name.replaceAll('"', '\\"')}"`
}
