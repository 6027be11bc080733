import { MillraceError, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { partitionKey } from './operation.ts'
import { partitionValues } from './read-files.ts'
import { storedPartitions } from './schema/column-mapping.ts'
import type { DataFile, Snapshot } from './snapshot.ts'
import type { TableConnection } from './stage-files.ts'

/** A connection that answers small questions, such as which partitions meet a condition. */
export interface QueryingConnection extends TableConnection {
  rows<T extends object>(query: Sql): Promise<T[]>
}

/**
 * The files of the partitions that meet a condition, as the engine understands it.
 * @throws MillraceError OPTION_INVALID for a table without partitions, and the engine's for a condition on other columns
 */
export async function filesOfPartitions(
  snapshot: Snapshot,
  where: Sql,
  connection: QueryingConnection,
): Promise<readonly DataFile[]> {
  const { partitionBy, schema, files } = snapshot
  if (partitionBy.length === 0) {
    throw new MillraceError('OPTION_INVALID', 'choosing partitions of a Delta table that has none', {
      hint: 'Leave the condition out.',
    })
  }
  if (files.length === 0) return []
  const valuesOf = partitionValues(snapshot)
  const stored = storedPartitions(snapshot)
  const groups = [...Map.groupBy(files, (file) => partitionKey(file, stored)).values()]
  const columns = partitionBy.map((name) => {
    const field = schema.fields.find((one) => one.name === name)
    const type = trusted(sqlTypeName(field?.type ?? { kind: 'string' }, 'duckdb'))
    return sql`cast(${id(name)} as ${type}) as ${id(name)}`
  })
  const rows = groups.map(([first], at) => {
    const values = first ? valuesOf(first) : {}
    return sql`(${join([literal(at), ...partitionBy.map((name) => literal(values[name] ?? null))])})`
  })
  const names = join([id('millrace_group'), ...partitionBy.map((name) => id(name))])
  const partitions = sql`select ${id('millrace_group')}, ${join(columns)} from (values ${join(rows)}) as p(${names})`
  const found = await connection.rows<{ at: number | bigint }>(
    sql`select ${id('millrace_group')} as ${id('at')} from (${partitions}) as partitions where ${where}`,
  )
  const wanted = new Set(found.map(({ at }) => groups[Number(at)]))
  return groups.filter((group) => wanted.has(group)).flat()
}
