import { constantOf } from '../dialect/constant.ts'
import type { Template } from './define.ts'

/**
 * A comparison of two values as a template: Spark does not take the second where the first is null, so that a text is
 * not read there which is not what it is compared with.
 */
export function takesBeside(compared: (left: string, right: string) => string, letter = 'v'): Template {
  return ([, right], [a, b]) => {
    const read = b?.kind === 'string' && a !== undefined && a.kind !== 'string' && constantOf(right) === undefined
    const second = `$${letter}2`
    return compared(`$${letter}1`, read ? `case when $1 is not null then ${second} end` : second)
  }
}
