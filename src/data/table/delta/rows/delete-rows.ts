import type { DeltaTable } from '../delta-table.ts'
import type { Given } from '../expression/table-expression.ts'
import type { ChangeOptions, ChangeResult } from './changing-connection.ts'
import { asText, commitRows, fileMetrics } from './commit-rows.ts'
import { findRows, TARGET } from './find-rows.ts'
import { predicates } from './predicates.ts'
import { temporary } from './temporary.ts'

/**
 * Deletes the rows that meet a condition, all without one.
 * @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED, COLUMN_UNKNOWN, DELTA_APPEND_ONLY, DELTA_COMMIT_CONFLICT,
 *   DELTA_FEATURE_UNSUPPORTED, and the engine's
 */
export async function deleteRows(
  table: DeltaTable,
  condition: Given | undefined,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { target, where, hits } = await findRows(table, condition, options)
  await using found = await temporary(options.connection, hits, options)
  return await commitRows(
    { target, alias: TARGET, schema: target.base.schema, clauses: [{ kind: 'delete' }], hits: found.table },
    {
      read: { kind: 'rows', where },
      provenance: (counts) => ({
        name: 'DELETE',
        parameters: { predicate: predicates(condition) },
        metrics: asText({ ...fileMetrics(counts), numDeletedRows: counts.byClause[0] ?? 0 }),
      }),
    },
    options,
  )
}
