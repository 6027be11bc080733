import { type DataType, type Schema, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import type { Relation } from '../compile/compile.ts'
import type { SourceFile, SourceFiles } from './source-files.ts'

/** A type's name in DuckDB, as SQL. */
export function typeSql(type: DataType): Sql {
  return trusted(sqlTypeName(type, 'duckdb'))
}

/** A list of files for a reader of DuckDB, which would take their names as patterns. */
export function fileList(files: readonly SourceFile[]): Sql {
  return sql`[${join(files.map(({ url }) => literal(url.replaceAll(/[*?[]/g, '[$&]'))))}]`
}

/** Up to so many different partitions are scanned one by one, so that a filter on them leaves files unread. */
const MOST_SCANS = 128

/** Files that one scan reads, and what its partition columns are. */
export interface PartScan {
  readonly files: readonly SourceFile[]
  /** One expression a partition column, in a scan that has `file_index`. */
  readonly partitions: readonly Sql[]
}

/** The scans that files are read by: one a partition while there are few, else one that looks values up by the file. */
export function partScans({ partitions }: Pick<SourceFiles, 'partitions'>, files: readonly SourceFile[]): PartScan[] {
  if (partitions.length === 0) return [{ files, partitions: [] }]
  const groups = Map.groupBy(files, ({ values }) => JSON.stringify(values))
  if (groups.size > MOST_SCANS) {
    const looked = partitions.map(({ type }, at) => {
      const values = join(files.map(({ values: of }) => literal(of[at] ?? null)))
      return sql`cast(([${values}])[cast(file_index as bigint) + 1] as ${typeSql(type)})`
    })
    return [{ files, partitions: looked }]
  }
  return [...groups.values()].map((group) => ({
    files: group,
    partitions: partitions.map(
      ({ type }, at) => sql`cast(${literal(group[0]?.values[at] ?? null)} as ${typeSql(type)})`,
    ),
  }))
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
