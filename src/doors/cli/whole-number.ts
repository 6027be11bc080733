import { MillraceError } from '../../base/kernel/index.ts'

/** Two options of which only one may be given. */
export function oneOf(first: string, second: string): MillraceError {
  return new MillraceError('OPTION_INVALID', `${first} and ${second} are given at once`, {
    hint: `Give ${first} or ${second}.`,
  })
}

/** The value of an option that is a whole number from `from` on. @throws MillraceError OPTION_INVALID */
export function wholeNumber(flag: string, value: unknown, from: number): number {
  const text = String(value)
  if (/^\d+$/.test(text) && Number(text) >= from) return Number(text)
  throw new MillraceError('OPTION_INVALID', `${flag} ${text} is not a whole number from ${from}`, {
    hint: `Write it in digits, such as ${flag} ${Math.max(from, 10)}.`,
  })
}
