import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OWN_CODE, type Place } from '../../base/kernel/index.ts'

const FRAME_LINE = /^\s*at (?:.*?\()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/

/**
 * The line of the user's code that is calling the frame API, so that an error found much later, in another
 * process, can name it. Undefined when it cannot be told. Costs about ten microseconds.
 */
export function callPlace(): Place | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 12
  const stack = new Error().stack ?? ''
  Error.stackTraceLimit = limit
  for (const line of stack.split('\n').slice(1)) {
    const match = FRAME_LINE.exec(line)
    const written = match?.[1]
    if (match === null || written === undefined || written.startsWith('node:')) continue
    const file = written.startsWith('file:') ? fileURLToPath(written) : written
    if (file.startsWith(OWN_CODE)) continue
    return { file: shorten(file), line: Number(match[2]), column: Number(match[3]) }
  }
  return undefined
}

function shorten(file: string): string {
  const base = process.cwd() + sep
  return file.startsWith(base) ? file.slice(base.length) : file
}
