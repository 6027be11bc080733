import { MillraceError } from '../../../../base/kernel/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import type { Snapshot } from '../snapshot.ts'
import { writeCheckpoint } from './checkpoint.ts'
import { cleanLog } from './clean-log.ts'
import { type DeltaLog, tableAddress } from './delta-log.ts'

/**
 * Writes the checkpoint of a snapshot and removes what of the log is older than the table keeps and stands behind one.
 * @param now milliseconds since 1970
 */
export async function renewCheckpoint(log: DeltaLog, snapshot: Snapshot, now: number): Promise<void> {
  await writeCheckpoint(log, snapshot, now)
  await cleanLog(log, snapshot, now)
}

/**
 * Writes a checkpoint of the newest version, whether one is due (`delta.checkpointInterval`) or not.
 * @returns the version
 * @throws MillraceError OPTION_MISSING for a table that was opened without an engine
 */
export async function checkpoint(table: DeltaTable): Promise<number> {
  if (!table.log.parquet) {
    throw new MillraceError('OPTION_MISSING', `writing a checkpoint of ${tableAddress(table.log)} without an engine`, {
      hint: "Give the engine's Parquet port: DeltaTable.open(store, path, { parquet: engine.files }).",
    })
  }
  const snapshot = await table.refresh()
  await renewCheckpoint(table.log, snapshot, Date.now())
  return snapshot.version
}
