import { MillraceError } from '../kernel/index.ts'
import type { State } from './contract.ts'
import { type Lease, release, renew } from './lease.ts'

/** A lease that renews itself until it is disposed of, which gives it back. */
export interface KeptLease extends AsyncDisposable {
  readonly lease: Lease
  /** Aborted when the lease was lost to another or could not be renewed in time: stop what it allowed. */
  readonly lost: AbortSignal
}

/** Renews a lease every third of `ttlMs`, without keeping the process alive for it. */
export function keepLease(state: State, lease: Lease, ttlMs: number): KeptLease {
  const controller = new AbortController()
  let current = lease
  let renewing: Promise<void> = Promise.resolve()
  const lose = (cause?: unknown) => {
    clearInterval(timer)
    const message = `the lease "${lease.key}" was lost`
    controller.abort(new MillraceError('STATE_LEASE_LOST', message, { cause, retry: 'again' }))
  }
  const timer = setInterval(() => {
    renewing = renew(state, current, ttlMs).then(
      (renewed) => {
        if (renewed === undefined) lose()
        else current = renewed
      },
      (thrown: unknown) => {
        if (Date.now() >= current.expiresAt) lose(thrown)
      },
    )
  }, ttlMs / 3)
  timer.unref()
  return {
    lease,
    lost: controller.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await renewing
      await release(state, current)
    },
  }
}
