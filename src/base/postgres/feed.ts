import type { CopyIn } from './statement.ts'

/** Wraps what the caller's own rows threw, so that it is told from errors of the server and passed on as it is. */
export class FromRows extends Error {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super('the rows ended with an error')
    this.thrown = thrown
  }
}

/**
 * Sends `bytes` as the rows of a COPY, no faster than the server takes them, and resolves with their number. The
 * signal, an error of the server and an error of `bytes` end it at once, even while the next bytes are waited for.
 * @throws FromRows what `bytes` threw; otherwise the server's or the client's error
 */
export async function feed(copy: CopyIn, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<number> {
  const wire = await copy.ready
  // One listener for the whole copy: a race for each chunk would keep every chunk alive until the end.
  let stop: (thrown: unknown) => void = () => {}
  let stopped: { readonly thrown: unknown } | undefined
  copy.over.catch((thrown: unknown) => {
    stopped = { thrown }
    stop(thrown)
  })
  const unlessStopped = <T>(wait: (resolve: (value: T) => void, reject: (thrown: unknown) => void) => void) =>
    new Promise<T>((resolve, reject) => {
      stop = reject
      if (stopped) reject(stopped.thrown)
      else wait(resolve, reject)
    })
  const cancel = () => wire.sendCopyFail('the copy was cancelled')
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted) cancel()

  const rows = bytes[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await unlessStopped<IteratorResult<Uint8Array>>((resolve, reject) => {
        rows.next().then(resolve, (thrown: unknown) => reject(new FromRows(thrown)))
      })
      if (next.done) break
      if (next.value.byteLength === 0) continue
      wire.sendCopyFromChunk(next.value)
      if (wire.stream.writableNeedDrain) {
        await unlessStopped<void>((resolve) => wire.stream.once('drain', () => resolve()))
      }
    }
    if (!signal?.aborted) wire.endCopyFrom()
    return await copy.over
  } catch (thrown) {
    if (thrown instanceof FromRows) {
      if (!signal?.aborted) wire.sendCopyFail(thrown.message)
      await copy.over.catch(() => {})
    } else {
      // Not waited for: a generator that is in the middle of something ends when that is over.
      rows.return?.()?.then(undefined, () => {})
    }
    throw thrown
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
