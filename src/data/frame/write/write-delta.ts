import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../../base/sql/index.ts'
import type { StorePlace } from '../../catalog/index.ts'
import type { EngineConnection } from '../../engine/index.ts'
import { appendTo, DeltaTable, type OverwriteOptions, overwrite, replaceWhere } from '../../table/index.ts'
import { OptionReader } from '../read/read-options.ts'
import { DAY, outside, refusal, type WriteMode, type WriteOutcome, type WriteTarget } from './write-target.ts'

/** What is written to a Delta table. */
export interface DeltaWrite {
  readonly place: StorePlace
  readonly query: Sql
  readonly schema: Schema
  /** The columns as the connection describes the query, when they are known. */
  readonly rowsSchema?: Schema
  readonly connection: EngineConnection
  readonly mode: WriteMode
  readonly partitionBy: readonly string[]
  readonly target: WriteTarget
  /** Opens the table, or creates it. */
  readonly ensure: (options: { schema: Schema; partitionBy: readonly string[] }) => Promise<DeltaTable>
}

/**
 * Writes rows to a Delta table, created when there is none. Exactly once: an append of a run carries a `txn`.
 * @throws MillraceError WRITE_EXISTS, WRITE_PARTITION_OUTSIDE, DELTA_SCHEMA_MISMATCH, DELTA_COMMIT_CONFLICT
 */
export async function writeDelta(write: DeltaWrite): Promise<WriteOutcome> {
  const { connection, mode, query, target, place } = write
  const options = new OptionReader('delta', target.options ?? {}, [
    'mergeSchema',
    'overwriteSchema',
    'partitionOverwriteMode',
    'replaceWhere',
    'txnAppId',
    'txnVersion',
  ])
  const where = place.store.locate(place.path)
  if (mode !== 'append' && mode !== 'overwrite' && (await exists(write))) {
    const refused = refusal(mode, where)
    if (refused) return { rows: 0, bytes: 0, files: 0, ...refused }
  }
  const table = await write.ensure({ schema: write.schema, partitionBy: write.partitionBy })
  const { partitionBy } = table.snapshot
  if (write.partitionBy.length > 0 && JSON.stringify(partitionBy) !== JSON.stringify(write.partitionBy)) {
    throw new MillraceError(
      'OPTION_INVALID',
      `writing to ${where}: it is partitioned by ${partitionBy.join(', ') || 'nothing'}`,
      {
        hint: `Leave out partitionBy, or write to another table; a table's partitions cannot be changed.`,
      },
    )
  }
  const { run, signal } = target
  const { rowsSchema } = write
  const common = { connection, ...(rowsSchema ? { rowsSchema } : {}), ...(signal ? { signal } : {}) }
  const merge = options.flag('mergeSchema', false)
  const own = ownTxn(options)
  const txn = own ? { txn: own } : run?.key === undefined ? {} : { txn: { appId: run.key, version: 1 } }
  if (mode !== 'overwrite') {
    return appendTo(table, query, { ...common, ...txn, schemaMode: merge ? 'merge' : 'fail' })
  }
  const condition = options.text('replaceWhere')
  if (condition !== undefined) {
    const schemaMode = merge ? 'merge' : 'fail'
    return replaceWhere(table, query, condition, { ...common, ...(own ? { txn: own } : {}), schemaMode })
  }
  const [first] = partitionBy
  const scope = await replaced(write, first, options, table)
  const schemaMode =
    scope === undefined && options.flag('overwriteSchema', false) ? 'overwrite' : merge ? 'merge' : 'fail'
  try {
    return await overwrite(table, query, {
      ...common,
      ...(own ? { txn: own } : {}),
      schemaMode,
      ...(scope === undefined ? {} : { where: scope }),
    })
  } catch (thrown) {
    if (!run || first === undefined || !(thrown instanceof MillraceError && thrown.code === 'DELTA_PARTITION_OUTSIDE'))
      throw thrown
    throw outside(where, first, ['another day'], run.ds)
  }
}

/** Spark's options for writers that repeat themselves: each version of an application is written once. */
function ownTxn(options: OptionReader): { appId: string; version: number } | undefined {
  const [appId, text] = [options.text('txnAppId'), options.text('txnVersion')]
  if (appId === undefined && text === undefined) return undefined
  const version = Number(text)
  if (appId !== undefined && text !== undefined && Number.isSafeInteger(version)) return { appId, version }
  throw new MillraceError('OPTION_INVALID', 'writing with one of txnAppId and txnVersion', {
    hint: 'Give both: the name of the application and a whole number that rises.',
  })
}

async function exists({ place, connection }: DeltaWrite): Promise<boolean> {
  try {
    const { files } = connection.engine
    await DeltaTable.open(place.store, place.path, files ? { parquet: files } : {})
    return true
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.code === 'TABLE_NOT_FOUND') return false
    throw thrown
  }
}

/** The partitions an overwrite replaces: in a run its day, or those that have rows; otherwise everything. */
async function replaced(
  { connection, query, target }: DeltaWrite,
  first: string | undefined,
  options: OptionReader,
  table: DeltaTable,
): Promise<OverwriteOptions['where']> {
  const { run } = target
  if (first === undefined) return undefined
  if (!run) return options.text('partitionOverwriteMode') === 'dynamic' ? 'dynamic' : undefined
  const kind = table.snapshot.schema.fields.find((field) => field.name === first)?.type.kind
  if (kind === 'date') return { [first]: run.ds }
  if (kind !== 'string') return 'dynamic'
  const found = await connection.rows<{ value: string | null }>(
    sql`select distinct ${id(first)} as value from (${query}) as written`,
  )
  const values =
    found.length > 0
      ? found.map((row) => row.value)
      : table.snapshot.files.map((file) => file.partitionValues[first] ?? null)
  const byDay = values.length > 0 && values.every((value) => DAY.test(value ?? ''))
  return byDay ? { [first]: run.ds } : 'dynamic'
}
