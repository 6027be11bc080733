import { setTimeout as delay } from 'node:timers/promises'
import { asMillraceError, type MillraceError } from '../kernel/index.ts'
import type { Channel, Notice } from './contract.ts'

/** The longest that is waited because a server says so. */
const LONGEST_WAIT_MS = 30_000

/** How long, and how often, a channel is tried. */
export interface DeliverOptions {
  /** Of one attempt; 10,000 unless told. */
  readonly timeoutMs?: number
  /** 3 unless told. */
  readonly attempts?: number
  /** Before the second attempt, doubled each time; 500 unless told, and longer when the server says so, up to half a minute. */
  readonly delayMs?: number
  readonly signal?: AbortSignal
}

/** What became of a notice on one channel. */
export interface Delivery {
  readonly channel: string
  readonly attempts: number
  /** Why it did not arrive; absent when it did. */
  readonly error?: MillraceError
}

/** Tells a notice by a channel. Never throws: that somebody cannot be told must not change what there is to tell. */
export async function deliver<Options>(
  channel: Channel<Options>,
  options: Options,
  notice: Notice,
  { timeoutMs = 10_000, attempts = 3, delayMs = 500, signal }: DeliverOptions = {},
): Promise<Delivery> {
  for (let attempt = 1; ; attempt += 1) {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      await channel.send(notice, options, {
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        timeoutMs,
      })
      return { channel: channel.name, attempts: attempt }
    } catch (thrown) {
      const error = asMillraceError(thrown)
      const again = error.retry !== 'never' && attempt < attempts && signal?.aborted !== true
      if (!again) return { channel: channel.name, attempts: attempt, error }
      const stated = Number(error.data?.['retryAfterMs'] ?? 0)
      const wait = Math.max(delayMs * 2 ** (attempt - 1), Math.min(stated, LONGEST_WAIT_MS))
      await delay(wait, undefined, signal ? { signal } : {}).catch(() => {})
      if (signal?.aborted) return { channel: channel.name, attempts: attempt, error }
    }
  }
}
