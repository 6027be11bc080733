import { connect } from 'node:net'
import { MillraceError } from '../../../base/kernel/index.ts'
import { errno, storeError } from '../../../base/store/index.ts'
import { Frames } from './frames.ts'
import { type Answer, type Hello, PROTOCOL, type Request, type Welcome } from './protocol.ts'

/** An open line to an owner. */
export interface Line {
  readonly frames: Frames<Hello | Request, Welcome | Answer>
  readonly owner: Extract<Welcome, { op: 'welcome' }>
  /** Whoever uses the line sets what is to happen with what comes in. */
  onAnswer: (answer: Answer) => void
  onClose: () => void
}

/** How a call can end without a line: nobody answers there, or the owner is closing. */
export type NoLine = 'gone' | 'retry'

/** How long an owner may take to say hello: it may be busy with something that does not let go of its thread. */
const HELLO_TIMEOUT_MS = 20_000

/**
 * Calls the owner of the database file `path` at its socket.
 * @throws MillraceError DATABASE_LOCKED when the owner does not let this process in
 */
export function dial(
  socketPath: string,
  path: string,
  role: Hello['role'],
  signal?: AbortSignal,
): Promise<Line | NoLine> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    let line: Line | undefined
    const giveUp = (thrown: unknown) => {
      socket.destroy()
      reject(thrown)
    }
    const cancel = () => giveUp(signal?.reason)
    const timer = setTimeout(() => giveUp(silent(path)), HELLO_TIMEOUT_MS)
    const settled = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    }
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel, { once: true })
    socket.once('error', (thrown) => {
      settled()
      if (['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ENOTSOCK'].includes(errno(thrown) ?? '')) resolve('gone')
      else if (errno(thrown) === 'EACCES') reject(foreignUser(path, thrown))
      else reject(storeError(thrown, `calling the owner of ${path}`))
    })
    const frames: Line['frames'] = new Frames(
      socket,
      (message) => {
        if (!('op' in message)) return line?.onAnswer(message)
        settled()
        if (message.op === 'welcome') {
          line = { frames, owner: message, onAnswer: () => {}, onClose: () => {} }
          socket.unref()
          resolve(line)
        } else if (message.op === 'retry') resolve('retry')
        else reject(MillraceError.fromJSON(message.error))
      },
      () => {
        settled()
        if (line) line.onClose()
        else resolve('gone')
      },
    )
    socket.once('connect', () => frames.send({ op: 'hello', protocol: PROTOCOL, role, pid: process.pid, path }))
  })
}

function silent(path: string): MillraceError {
  return new MillraceError('DATABASE_LOCKED', `the owner of ${path} does not answer`, {
    retry: 'again',
    hint: 'Another Millrace process has the file open but is busy or stopped; try again or end it.',
  })
}

function foreignUser(path: string, cause: unknown): MillraceError {
  return new MillraceError('DATABASE_LOCKED', `${path} is owned by a Millrace process of another user`, {
    cause,
    hint: 'Run this as the same user, or wait until the other process is done.',
  })
}

/** The error of using an owner that is there no more. */
export function ownerLost(path: string, pid: number): MillraceError {
  return new MillraceError('OWNER_LOST', `process ${pid}, which owned ${path}, went away`, {
    retry: 'again',
    hint: 'What was under way was rolled back. Open the database again: this process or another takes it over.',
    data: { pid },
  })
}
