import { MillraceError } from '../../base/kernel/index.ts'
import type { State } from '../../base/state/index.ts'
import type { DeltaTable } from '../../data/table/index.ts'
import { abandon, acknowledge, type Ledger, readLedger } from './ledger.ts'
import type { IngestTarget } from './target.ts'

/** How a load begins. */
export interface SettleOptions {
  readonly dataset: string
  /** Forgets what was loaded. */
  readonly fullRefresh?: boolean | undefined
  /** Each load replaces all rows, so that it does not matter which of them the table holds. */
  readonly replaces?: boolean
}

/**
 * What is known of the load, after a batch that a crash left open was acknowledged or given up.
 * @throws MillraceError INGEST_STATE_LOST
 */
export async function settled(
  state: State,
  key: string,
  appId: string,
  loaded: DeltaTable | undefined,
  { fullRefresh, replaces, dataset }: SettleOptions,
): Promise<Ledger> {
  let ledger = await readLedger(state, key)
  const inTable = loaded?.snapshot.txns.get(appId) ?? 0
  if (ledger.pending) {
    if (inTable >= ledger.pending.batch) await acknowledge(state, key, ledger.pending)
    else await abandon(state, key, ledger.pending)
    ledger = await readLedger(state, key)
  }
  const fresh = { batch: Math.max(ledger.batch, inTable), committed: 0, files: new Map() }
  // Without a table nothing can be doubled: everything is loaded anew.
  if (fullRefresh || !loaded) return fresh
  if (replaces) return { ...ledger, batch: fresh.batch }
  if (inTable !== ledger.committed) {
    throw new MillraceError(
      'INGEST_STATE_LOST',
      `loading ${dataset}: the table holds batch ${inTable} of this source, the metadata database knows of batch ${ledger.committed}`,
      {
        hint: 'Bring back the metadata database that belongs to the table, or load everything anew with a full refresh.',
      },
    )
  }
  return ledger
}

/** Shows what is committed, also what a crash kept the load before this one from showing. */
export async function publish(target: IngestTarget, dataset: string, loaded: DeltaTable | undefined): Promise<void> {
  if (!target.published) return
  if (loaded) await target.published(dataset)
  const rejects = `${dataset}_rejects`
  if (await target.open(rejects)) await target.published(rejects)
}
