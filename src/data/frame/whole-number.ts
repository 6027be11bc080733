import { MillraceError } from '../../base/kernel/index.ts'

/** A number of rows, or a seed. @throws MillraceError OPTION_INVALID */
export function wholeNumber(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new MillraceError('OPTION_INVALID', `${name} is ${value} and must be a whole number from 0 on`)
}
