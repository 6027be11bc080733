import { MillraceError } from '../../base/kernel/index.ts'
import { callPlace } from './place.ts'

/** A number of rows, or a seed. @throws MillraceError OPTION_INVALID */
export function wholeNumber(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  const at = callPlace()
  throw new MillraceError('OPTION_INVALID', `${name}: ${value} is not a whole number from 0 on`, {
    hint: `Such as ${name}(10).`,
    ...(at ? { at } : {}),
  })
}
