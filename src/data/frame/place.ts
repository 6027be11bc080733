import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, MillraceError, OWN_CODE, type Place } from '../../base/kernel/index.ts'

const FRAME_LINE = /^\s*at (?:.*?\()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/

/** Frames of a stack that are mostly enough, and that are taken when they are not: each costs a microsecond. */
const [FEW, MANY] = [5, 12]

/**
 * The line of the user's code that is calling the frame API, so that an error found much later, in another
 * process, can name it. Undefined when it cannot be told. Costs about five microseconds.
 */
export function callPlace(): Place | undefined {
  return placeIn(stackOf(FEW)) ?? placeIn(stackOf(MANY))
}

function stackOf(frames: number): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = frames + 1
  const stack = new Error().stack ?? ''
  Error.stackTraceLimit = limit
  return stack
}

function placeIn(stack: string): Place | undefined {
  for (const line of stack.split('\n').slice(2)) {
    const match = FRAME_LINE.exec(line)
    const written = match?.[1]
    if (match === null || written === undefined || written.startsWith('node:')) continue
    const file = written.startsWith('file:') ? fileURLToPath(written) : written
    if (file.startsWith(OWN_CODE)) continue
    return { file: shorten(file), line: Number(match[2]), column: Number(match[3]) }
  }
  return undefined
}

/** What was thrown, with a line unless it has one. */
export function locatedAt(thrown: unknown, at: Place | undefined): unknown {
  return at && thrown instanceof MillraceError ? thrown.located(at) : thrown
}

/** An error of the call that is being made, with its line. */
export function misused(code: ErrorCode, message: string, hint?: string): MillraceError {
  const at = callPlace()
  return new MillraceError(code, message, { ...(hint === undefined ? {} : { hint }), ...(at ? { at } : {}) })
}

function shorten(file: string): string {
  const base = process.cwd() + sep
  return file.startsWith(base) ? file.slice(base.length) : file
}
