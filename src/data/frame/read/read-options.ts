import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import type { ReadOptions } from '../plan.ts'

/** How rows are taken that do not fit: values become null, rows are left out, or the read fails. */
export type ReadMode = 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST'
const MODES: readonly string[] = ['PERMISSIVE', 'DROPMALFORMED', 'FAILFAST']

/** Options of one format under Spark's names, read without regard to case. */
export class OptionReader {
  private readonly given = new Map<string, string | number | boolean>()
  private readonly format: string

  /** @throws MillraceError OPTION_UNKNOWN */
  constructor(format: string, options: ReadOptions, known: readonly string[]) {
    this.format = format
    for (const [name, value] of Object.entries(options)) {
      const canonical = known.find((one) => one.toLowerCase() === name.toLowerCase())
      if (canonical === undefined) throw unknownName('OPTION_UNKNOWN', `the option of ${format}`, name, known)
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
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    throw this.invalid(name, value, 'true or false')
  }

  /** One character. @throws MillraceError OPTION_INVALID */
  character(name: string, otherwise: string): string {
    const value = this.text(name) ?? otherwise
    const read = value === '\\t' ? '\t' : value
    if ([...read].length <= 1) return read
    throw this.invalid(name, value, 'one character')
  }

  /** @throws MillraceError OPTION_INVALID */
  mode(): ReadMode {
    const value = (this.text('mode') ?? 'PERMISSIVE').toUpperCase()
    if (MODES.includes(value)) return value as ReadMode
    throw this.invalid('mode', value, MODES.join(', '))
  }

  private invalid(name: string, value: unknown, allowed: string): MillraceError {
    return new MillraceError('OPTION_INVALID', `the option "${name}" of ${this.format} is "${value}"`, {
      hint: `Allowed: ${allowed}.`,
    })
  }
}
