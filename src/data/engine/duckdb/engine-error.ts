import { type ErrorCode, type ErrorDetails, MillraceError, type Retry } from '../../../base/kernel/index.ts'

/** What an error of DuckDB's happened in. */
export interface ErrorContext {
  /** The act, for the message: "running a statement in DuckDB". */
  readonly act: string
  readonly signal?: AbortSignal | undefined
  readonly file?: string | undefined
}

interface Rule {
  readonly matches: RegExp
  readonly code: ErrorCode
  readonly hint?: string
  readonly retry?: Retry
}

/** The first that matches counts. A full disk may show as an out-of-memory error, so it comes first. */
const RULES: readonly Rule[] = [
  {
    matches: /No space left on device|Disk quota exceeded|File too large|max_temp_directory_size/i,
    code: 'STORE_FULL',
    hint: 'Make room on the disk, or point tempDirectory at a larger one.',
    retry: 'again',
  },
  {
    matches: /Could not set lock on file|Conflicting lock|file is already open|Unique file handle conflict/i,
    code: 'DATABASE_LOCKED',
    hint: 'Close the other program, or let both work through Millrace: a second command attaches to the first.',
    retry: 'again',
  },
  {
    matches: /^Out of Memory Error/i,
    code: 'ENGINE_OUT_OF_MEMORY',
    hint: 'Raise memoryLimit, lower threads, or give a tempDirectory to spill to.',
  },
  {
    matches:
      /Missing Extension|Extension ".*" not found|extension .* (is not loaded|to be loaded)|requires the extension|it exists in the \w+ extension|Extension Autoloading Error/i,
    code: 'EXTENSION_MISSING',
    hint: 'List the extension under extensions, with an extensionDirectory that holds it.',
  },
  {
    matches: /No files found that match|No such file or directory/i,
    code: 'STORE_NOT_FOUND',
    hint: 'Check the path; a relative one starts from the current folder.',
  },
  { matches: /Permission denied/i, code: 'STORE_DENIED' },
  {
    matches: /^FATAL Error|database has been invalidated|connection (was|has been) closed|disconnected/i,
    code: 'ENGINE_CLOSED',
  },
]

/** An error of DuckDB's in our words: its code, the engine's message, the line and column it names. */
export function engineError(thrown: unknown, context: ErrorContext): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const text = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
    /^(Failed to [\w ]+|Failure [\w ]+): /,
    '',
  )
  if (context.signal?.aborted || /^INTERRUPT Error/i.test(text)) return cancelled(thrown, context)
  const { words, line, column } = readMessage(text)
  const kind = /^([A-Za-z ]+) Error:/.exec(words)?.[1]
  const conflict = /conflict on|write-write conflict/i.test(words) && kind?.startsWith('Transaction')
  const rule = RULES.find(({ matches }) => matches.test(words))
  const where = line === undefined ? '' : ` (line ${line}${column === undefined ? '' : `, column ${column}`})`
  const hint = rule?.hint ?? suggestion(words)
  const details: ErrorDetails = {
    cause: thrown,
    retry: rule?.retry ?? (conflict ? 'again' : 'never'),
    data: {
      engine: 'duckdb',
      ...(kind === undefined ? {} : { kind }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...holder(words),
    },
    ...(hint === undefined ? {} : { hint }),
    ...(context.file === undefined
      ? {}
      : {
          at: {
            file: context.file,
            ...(line === undefined ? {} : { line }),
            ...(column === undefined ? {} : { column }),
          },
        }),
  }
  return new MillraceError(rule?.code ?? 'ENGINE_SQL', `${context.act}: ${words}${where}`, details)
}

/** An abort as CANCELLED, or as TIMEOUT when the signal was one of a time-out. */
export function cancelled(cause: unknown, { act, signal }: ErrorContext): MillraceError {
  const reason = signal?.reason as { name?: string } | undefined
  if (reason instanceof MillraceError) return reason
  return reason?.name === 'TimeoutError'
    ? new MillraceError('TIMEOUT', `${act}: it took longer than allowed`, { cause })
    : new MillraceError('CANCELLED', `${act}: it was cancelled`, { cause })
}

function readMessage(text: string): { words: string; line?: number; column?: number } {
  const place = /\n\s*LINE (\d+): (.*)\n( *)\^/.exec(text)
  const words = (place ? text.slice(0, place.index) : text).replace(/\n\nPossible solutions:[\s\S]*/, '').trim()
  if (!place) return { words }
  const prefix = `LINE ${place[1]}: `.length
  const line = Number(place[1])
  // A long line is cut at its left, and the caret then counts from the cut.
  if (place[2]?.startsWith('...')) return { words, line }
  return { words, line, column: (place[3]?.length ?? 0) - prefix + 1 }
}

function suggestion(words: string): string | undefined {
  const meant = /(Did you mean .*|Candidate bindings: .*)/.exec(words)
  return meant?.[1]
}

/** Who holds the lock: "Conflicting lock is held in /usr/bin/node (PID 123)". */
function holder(words: string): { pid?: number; program?: string } {
  const held = /held in (.+?) \(PID (\d+)\)/.exec(words)
  return held ? { pid: Number(held[2]), program: String(held[1]) } : {}
}
