import { requireConditionalPut } from '../commit.ts'
import type { DeltaTable } from '../delta-table.ts'
import { checkWritable } from '../schema/protocol.ts'
import type { Snapshot } from '../snapshot.ts'
import { parquetOf } from '../write-files.ts'
import type { ChangeOptions } from './changing-connection.ts'

/**
 * The newest version of a table whose rows are about to be changed, refused before any work is done when they cannot be.
 * @throws MillraceError ENGINE_UNSUPPORTED, STORE_UNSUPPORTED, DELTA_FEATURE_UNSUPPORTED
 */
export async function beginChange(table: DeltaTable, { connection }: ChangeOptions): Promise<Snapshot> {
  parquetOf(connection)
  await requireConditionalPut(table.log)
  const base = await table.refresh()
  checkWritable(base.protocol, base.metadata)
  return base
}
