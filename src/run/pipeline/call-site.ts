import { fileURLToPath } from 'node:url'
import { OWN_CODE, type Place } from '../../base/kernel/index.ts'

/** The first place of a stack that lies outside this package and outside Node. Undefined when there is none. */
export function placeInStack(
  stack: string,
  isOurs: (file: string) => boolean = (file) => file.startsWith(OWN_CODE),
): Place | undefined {
  for (const line of stack.split('\n').slice(0, 60)) {
    const match = /(?:\(|at |^)(?:async )?((?:file:\/\/)?\/[^()]*?):(\d+)(?::(\d+))?\)?$/.exec(line.trim())
    if (!match) continue
    const [, written = '', row, column] = match
    const file = written.startsWith('file://') ? fileURLToPath(written.replace(/[?#].*$/, '')) : written
    if (isOurs(file) || file.includes('/node_modules/')) continue
    return { file, line: Number(row), ...(column === undefined ? {} : { column: Number(column) }) }
  }
  return undefined
}

/** Where the user's code called into this package. */
export function callSite(): Place | undefined {
  return placeInStack(new Error().stack ?? '')
}
