import { type DataType, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { SourceFiles } from './source-files.ts'

/** A type's name in DuckDB, as SQL. */
export function typeSql(type: DataType): Sql {
  return trusted(sqlTypeName(type, 'duckdb'))
}

/** `read_xyz([files], option = …)`. */
export function scan(
  reader: 'read_parquet' | 'read_csv' | 'read_json' | 'read_json_objects',
  from: SourceFiles,
  options: readonly Sql[],
): Sql {
  const files = sql`[${join(from.files.map((file) => literal(escapeGlob(file.url))))}]`
  const types = from.partitions.map(({ name, type }) => sql`${id(name)}: ${typeSql(type)}`)
  const hive =
    types.length === 0
      ? [sql`hive_partitioning = false`]
      : [sql`hive_partitioning = true`, sql`hive_types = {${join(types)}}`]
  return sql`${trusted(reader)}(${join([files, ...options, ...hive])})`
}

/** DuckDB takes file names as patterns. */
function escapeGlob(url: string): string {
  return url.replaceAll(/[*?[]/g, '[$&]')
}

/** A struct of names and types, as the options `columns` and `types` want it. */
export function namedTypes(fields: Schema['fields']): Sql {
  return sql`{${join(fields.map((field) => sql`${literal(field.name)}: ${literal(sqlTypeName(field.type, 'duckdb'))}`))}}`
}

/** The columns of a folder without files, with no rows. */
export function emptyRelation(schema: Schema): Relation {
  const nulls = join(schema.fields.map((field) => sql`cast(null as ${typeSql(field.type)}) as ${id(field.name)}`))
  return { sql: sql`(select ${nulls} where false)`, schema }
}

/** The schema given by the user, and columns of folders that it does not name. */
export function withPartitions(schema: Schema, from: SourceFiles): Schema {
  const named = new Set(schema.fields.map((field) => field.name.toLowerCase()))
  const added = from.partitions.filter(({ name }) => !named.has(name.toLowerCase()))
  return { fields: [...schema.fields, ...added.map(({ name, type }) => ({ name, type, nullable: true }))] }
}

/** The fields of a schema that stand in the files rather than in folder names. */
export function inFiles(schema: Schema, from: SourceFiles): Schema['fields'] {
  const folders = new Set(from.partitions.map(({ name }) => name.toLowerCase()))
  return schema.fields.filter((field) => !folders.has(field.name.toLowerCase()))
}

/** A column of a folder name as the user's type for it, when there is one. */
export function retyped(from: SourceFiles, schema: Schema | undefined): SourceFiles {
  if (!schema) return from
  const given = new Map(schema.fields.map((field) => [field.name.toLowerCase(), field.type]))
  const partitions = from.partitions.map(({ name, type }) => ({ name, type: given.get(name.toLowerCase()) ?? type }))
  return { ...from, partitions }
}

/** What a query gives, asked of the engine. */
export function describeScan(connection: EngineConnection, scanned: Sql): Promise<Schema> {
  return connection.describe(sql`select * from ${scanned}`)
}
