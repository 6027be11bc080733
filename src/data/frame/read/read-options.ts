import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { ReadOptions } from '../plan.ts'

/** How rows are taken that do not fit: values become null, rows are left out, or the read fails. */
export type ReadMode = 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'
const MODES: readonly string[] = ['PERMISSIVE', 'DROPMALFORMED', 'FAILFAST']

/** Options that Spark has and we have not, each with what to do instead. */
export type NotOffered = Readonly<Record<string, string>>

/** Options of one format under Spark's names, read without regard to case. */
export class OptionReader {
  private readonly given = new Map<string, string | number | boolean>()
  private readonly format: string

  /** @throws MillraceError OPTION_UNKNOWN, OPTION_INVALID for one that only Spark has */
  constructor(format: string, options: ReadOptions, known: readonly string[], notOffered: NotOffered = {}) {
    this.format = format
    for (const [name, value] of Object.entries(options)) {
      const same = (one: string) => one.toLowerCase() === name.toLowerCase()
      const canonical = known.find(same)
      if (canonical === undefined) {
        const sparks = Object.keys(notOffered).find(same)
        if (sparks === undefined) throw unknownName('OPTION_UNKNOWN', `the option of ${format}`, name, known)
        throw new MillraceError(
          'OPTION_INVALID',
          `the option "${sparks}" of ${format} is Spark's, and not offered here`,
          {
            hint: notOffered[sparks] ?? '',
          },
        )
      }
      this.given.set(canonical, value)
    }
  }

  text(name: string): string | undefined {
    const value = this.given.get(name)
    return value === undefined ? undefined : String(value)
  }

  /** @throws MillraceError OPTION_INVALID */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.given.get(name)
    if (value === undefined) return otherwise
    const text = String(value).toLowerCase()
    if (text === 'true' || text === 'false') return text === 'true'
    throw this.invalid(name, value, 'true or false')
  }

  /** One character, or none. @throws MillraceError OPTION_INVALID */
  character(name: string, otherwise: string): string {
    const value = this.text(name) ?? otherwise
    const read = unescaped(value)
    if (read === '\0') return ''
    if ([...read].length <= 1) return read
    throw this.invalid(name, value, 'one character')
  }

  /** One character or more. @throws MillraceError OPTION_INVALID */
  characters(name: string, otherwise: string): string {
    const value = this.text(name) ?? otherwise
    const read = unescaped(value)
    if (read !== '') return read
    throw this.invalid(name, value, 'one character or more')
  }

  /** A number that `fits`. @throws MillraceError OPTION_INVALID */
  number(name: string, fits: (value: number) => boolean, allowed: string): number | undefined {
    const value = this.given.get(name)
    if (value === undefined) return undefined
    const number =
      typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
    if (fits(number)) return number
    throw this.invalid(name, value, allowed)
  }

  /** One of some words, whatever their letters' case; gives the word as it is listed. @throws MillraceError OPTION_INVALID */
  word<Word extends string>(name: string, words: readonly Word[], otherwise: Word): Word {
    const value = this.text(name) ?? otherwise
    const found = words.find((word) => word.toLowerCase() === value.toLowerCase())
    if (found !== undefined) return found
    throw unknownName('OPTION_INVALID', `the value of the option "${name}" of ${this.format}`, value, words)
  }

  /** @throws MillraceError OPTION_INVALID */
  mode(): ReadMode {
    return this.word('mode', MODES, 'PERMISSIVE') as ReadMode
  }

  invalid(name: string, value: unknown, allowed: string): MillraceError {
    return new MillraceError('OPTION_INVALID', `the option "${name}" of ${this.format} is "${value}"`, {
      hint: `Allowed: ${allowed}.`,
    })
  }
}

/** A text with `\t` and its like as the characters they stand for. */
function unescaped(text: string): string {
  const single: Record<string, string> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0', '\\': '\\' }
  return text.length < 2
    ? text
    : text
        .replaceAll(/\\u([0-9A-Fa-f]{4})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replaceAll(/\\([tnrbf0\\])/g, (_all, letter: string) => single[letter] ?? letter)
}
