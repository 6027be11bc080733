import type { DeltaTable } from '../delta-table.ts'
import type { Given } from '../expression/table-expression.ts'
import { beginChange } from './begin-change.ts'
import type { ChangeOptions, ChangeResult } from './changing-connection.ts'
import { asText, commitRows, fileMetrics } from './commit-rows.ts'
import { findRows, TARGET } from './find-rows.ts'
import { predicates } from './predicates.ts'
import { allOf, liveRows, type TargetRows } from './target-rows.ts'
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
  if (condition === undefined) return deleteAll(table, options)
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

/** Removes every file, without looking into one. */
async function deleteAll(table: DeltaTable, options: ChangeOptions): Promise<ChangeResult> {
  const base = await beginChange(table, options)
  const target: TargetRows = { table, base, files: base.files }
  const live = await liveRows(target, allOf(target), options.connection)
  const metrics = {
    numRemovedFiles: base.files.length,
    numRemovedBytes: base.files.reduce((sum, { size }) => sum + size, 0),
    numDeletedRows: [...live.values()].reduce((sum, rows) => sum + rows, 0),
    numAddedFiles: 0,
    numCopiedRows: 0,
  }
  if (base.files.length === 0) return { committed: false, version: base.version, metrics, warnings: [] }
  const { signal } = options
  const { committed, snapshot, warnings } = await table.commit(
    {
      kind: 'change',
      name: 'DELETE',
      parameters: { predicate: predicates(undefined) },
      metrics: asText(metrics),
      remove: base.files,
      read: { kind: 'table' },
    },
    { base, ...(signal ? { signal } : {}) },
  )
  return { committed, version: snapshot.version, metrics, warnings }
}
