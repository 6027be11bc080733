import { MillraceError } from '../../../../base/kernel/index.ts'
import type { DeltaTable } from '../delta-table.ts'
import { loadSnapshot, tableAddress } from '../log/delta-log.ts'
import { versionAt } from '../log/version-at.ts'
import { missingFiles } from './missing-files.ts'
import { planRestore } from './plan-restore.ts'

/** Which version a table is brought back to. */
export interface RestoreOptions {
  readonly version?: number
  /** The moment, instead of `version`: see `versionAt`. */
  readonly timestamp?: Date
  readonly signal?: AbortSignal
}

/** What a restore did. */
export interface RestoreResult {
  /** False when the table was like that already. */
  readonly committed: boolean
  /** The table's version after it. */
  readonly version: number
  /** The version that it is like now. */
  readonly restoredTo: number
  readonly filesRestored: number
  readonly filesRemoved: number
  readonly warnings: readonly string[]
}

/**
 * Makes a table what it was at an older version, as a new version: the versions in between stay.
 * @throws MillraceError DELTA_FILES_MISSING when files of that version were vacuumed, DELTA_VERSION_NOT_FOUND,
 *   DELTA_COMMIT_CONFLICT when another writer commits meanwhile, OPTION_INVALID
 */
export async function restore(table: DeltaTable, options: RestoreOptions): Promise<RestoreResult> {
  const { version, timestamp, signal } = options
  if ((version === undefined) === (timestamp === undefined)) {
    throw new MillraceError('OPTION_INVALID', `restoring ${tableAddress(table.log)}`, {
      hint: 'Give a version or a timestamp.',
    })
  }
  const restoredTo = version ?? (await versionAt(table.log, timestamp?.getTime() ?? 0))
  const current = await table.refresh()
  const target = await loadSnapshot(table.log, restoredTo)
  const parameters = { version: restoredTo, timestamp: timestamp?.toISOString() ?? null }
  const { change, restored, removed } = planRestore(current, target, parameters)
  const missing = await missingFiles(table.log, restored, signal)
  if (missing.length > 0) {
    throw new MillraceError(
      'DELTA_FILES_MISSING',
      `restoring ${tableAddress(table.log)} to version ${restoredTo}: ${missing.length} of its files are gone, such as ${missing[0]}`,
      {
        hint: 'They were vacuumed: restore a later version, or bring the files back from a backup.',
        data: { version: restoredTo, missing: missing.slice(0, 100) },
      },
    )
  }
  const done = await table.commit(change, { base: current, ...(signal ? { signal } : {}) })
  return {
    committed: done.committed,
    version: done.snapshot.version,
    restoredTo,
    filesRestored: restored.length,
    filesRemoved: removed.length,
    warnings: done.warnings,
  }
}
