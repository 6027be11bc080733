import type { DuckDBConnection } from '@duckdb/node-api'
import type { QueryOptions } from '../contract.ts'
import { cancelled } from './engine-error.ts'

const PROGRESS_MS = 100
const INTERRUPT_MS = 20

/** Runs `work` on a connection, interrupts it when the signal aborts, and reports how far it is. */
export async function watch<T>(
  connection: DuckDBConnection,
  { signal, onProgress }: QueryOptions,
  rowsBefore: number,
  work: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw cancelled(undefined, { act: 'running a statement in DuckDB', signal })
  let interrupting: NodeJS.Timeout | undefined
  const abort = () => {
    connection.interrupt()
    // A statement that is only about to start forgets the interrupt, so it is repeated until the statement has ended.
    interrupting = setInterval(() => connection.interrupt(), INTERRUPT_MS)
  }
  signal?.addEventListener('abort', abort, { once: true })
  const reporting = onProgress && setInterval(() => report(connection, rowsBefore, onProgress), PROGRESS_MS)
  try {
    return await work()
  } finally {
    clearInterval(reporting)
    clearInterval(interrupting)
    signal?.removeEventListener('abort', abort)
  }
}

function report(connection: DuckDBConnection, rowsBefore: number, onProgress: NonNullable<QueryOptions['onProgress']>) {
  const { percentage, rows_processed } = connection.progress
  // DuckDB says -1 while it does not know.
  const fraction = percentage >= 0 ? Math.min(1, percentage / 100) : undefined
  const rows = rowsBefore || Number(rows_processed)
  onProgress({ ...(fraction === undefined ? {} : { fraction }), ...(rows > 0 ? { rows } : {}) })
}
