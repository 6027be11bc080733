import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration, MillraceError } from '../../base/kernel/index.ts'

/** How retrying goes on. */
export interface RetryOptions {
  /** Tries without progress in between; 5 by default. */
  readonly attempts?: number
  /** The first wait, doubled each time, give or take a half; 500 by default. */
  readonly delayMs?: number
  readonly signal?: AbortSignal
  /** A number that is greater after progress: then the tries are counted anew. */
  progress(): number
  /** Called before each wait. */
  onRetry(sentence: string): void
}

/**
 * Does work that a lost connection may interrupt, again from where it was left. Only a connection that was there and
 * was lost is tried again; one that cannot be made at first is an error at once.
 * @throws MillraceError CONNECTION_LOST when it stays lost, and what the work throws
 */
export async function withRetries<T>(options: RetryOptions, work: () => Promise<T>): Promise<T> {
  const { attempts = 5, delayMs = 500, signal } = options
  let before = options.progress()
  let lost: MillraceError | undefined
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (thrown) {
      if (!(thrown instanceof MillraceError)) throw thrown
      const again = thrown.code === 'CONNECTION_LOST' || (lost !== undefined && thrown.code === 'CONNECTION_FAILED')
      if (!again || signal?.aborted) throw thrown
      if (options.progress() > before) {
        before = options.progress()
        attempt = 1
      }
      if (thrown.code === 'CONNECTION_LOST') lost = thrown
      if (attempt >= attempts) throw lost ?? thrown
      const wait = delayMs * 2 ** (attempt - 1) * (0.5 + Math.random())
      options.onRetry(`the connection was lost, trying again in ${formatDuration(Math.round(wait))}`)
      await sleep(wait, undefined, signal ? { signal } : {}).catch(() => {
        throw thrown
      })
    }
  }
}
