import type { Schema } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { Txn } from '../actions.ts'
import type { WriteResult } from '../commit-files.ts'
import type { DeltaTable } from '../delta-table.ts'
import { Expressions } from '../expression/table-expression.ts'
import { completeRows } from '../rules/complete-rows.ts'
import { guarded } from '../rules/guard-rows.ts'
import { type RowRule, RULED } from '../rules/row-rules.ts'
import { fitTable } from '../schema/fit-table.ts'
import type { ChangeOptions } from './changing-connection.ts'
import { asText, commitRows, fileMetrics } from './commit-rows.ts'
import { findRows, TARGET } from './find-rows.ts'
import { temporary } from './temporary.ts'

/** What is replaced, and how. */
export interface ReplaceOptions extends ChangeOptions {
  /** Exactly once: a version that the table already holds of this application is not written again. */
  readonly txn?: Pick<Txn, 'appId' | 'version'>
  /** `merge` adds columns that only the rows have; `fail` (the default) refuses them. */
  readonly schemaMode?: 'fail' | 'merge'
  /** The columns of the query, when they are known: saves asking. */
  readonly rowsSchema?: Schema
}

/**
 * Replaces the rows that meet a condition in Spark's SQL by the rows of a query, which must all meet it, in one commit:
 * Spark's `replaceWhere`.
 * @throws MillraceError DELTA_PARTITION_OUTSIDE by a row that does not meet it, and what `overwrite` throws
 */
export async function replaceWhere(
  table: DeltaTable,
  query: Sql,
  condition: string,
  { txn, schemaMode = 'fail', rowsSchema: known, ...options }: ReplaceOptions,
): Promise<WriteResult> {
  const { target, where, hits } = await findRows(table, condition, options)
  const { base } = target
  if (txn && (base.txns.get(txn.appId) ?? -1) >= txn.version) {
    return { committed: false, version: base.version, rows: 0, bytes: 0, files: 0, warnings: [] }
  }
  const rowsSchema = known ?? (await options.connection.describe(query))
  const schema = fitTable(rowsSchema, base, schemaMode)
  const complete = completeRows(query, rowsSchema, schema)
  const over = new Expressions([{ alias: RULED, schema }])
  const inside: RowRule = {
    kind: 'replaced',
    name: 'replaceWhere',
    text: condition,
    holds: over.sql(condition),
    columns: over.columns(condition),
  }
  await using found = await temporary(options.connection, hits, options)
  const { committed, version, metrics, warnings } = await commitRows(
    {
      target,
      alias: TARGET,
      schema,
      clauses: [{ kind: 'delete' }],
      hits: found.table,
      inserted: guarded(complete.query, schema, [inside]),
      identities: complete.identities,
    },
    {
      read: { kind: 'rows', where },
      ...(txn ? { txn } : {}),
      provenance: (counts) => ({
        name: 'WRITE',
        parameters: { mode: 'Overwrite', partitionBy: JSON.stringify(base.partitionBy), predicate: condition },
        metrics: asText({
          ...fileMetrics(counts),
          numFiles: counts.addedFiles,
          numOutputBytes: counts.addedBytes,
          numOutputRows: counts.inserted + counts.copied,
          numInsertedRows: counts.inserted,
          numDeletedRows: counts.byClause[0] ?? 0,
        }),
      }),
    },
    options,
  )
  const { numInsertedRows: rows = 0, numAddedBytes: bytes = 0, numAddedFiles: files = 0 } = committed ? metrics : {}
  return { committed, version, rows, bytes, files, warnings }
}
