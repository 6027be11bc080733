import { formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../../../base/sql/index.ts'
import type { Given } from '../expression/table-expression.ts'
import type { ChangingConnection } from './changing-connection.ts'
import { predicateText } from './predicates.ts'

/** A condition, as it was given and as SQL. */
export interface Condition {
  readonly given: Given
  readonly sql: Sql
}

/**
 * Refuses conditions that are neither true nor false: an engine takes any number for one, and would change rows that
 * nobody meant.
 * @param from what they are over, such as `from … as target`
 * @throws MillraceError COLUMN_TYPE, and the engine's for what cannot be computed
 */
export async function checkConditions(
  connection: ChangingConnection,
  conditions: readonly Condition[],
  from: Sql,
): Promise<void> {
  if (conditions.length === 0) return
  const columns = conditions.map((condition, at) => sql`${condition.sql} as ${id(`c${at}`)}`)
  const { fields } = await connection.describe(sql`select ${join(columns)} ${from}`)
  for (const [at, { given }] of conditions.entries()) {
    const type = fields[at]?.type
    if (!type || type.kind === 'boolean' || type.kind === 'null') continue
    throw new MillraceError(
      'COLUMN_TYPE',
      `the condition "${predicateText(given)}" is ${formatType(type)}, not true or false`,
      {
        hint: 'Compare it with something, such as id = 3.',
      },
    )
  }
}
