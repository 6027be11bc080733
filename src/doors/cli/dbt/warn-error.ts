import { MillraceError } from '../../../base/kernel/index.ts'
import type { FlagValues } from './read-flags.ts'

/**
 * The error that `--warn-error` or `--warn-error-options` makes of warnings, or undefined.
 */
export function warnErrors(warnings: readonly string[], flags: FlagValues): MillraceError | undefined {
  const options = (flags['warn_error_options'] ?? {}) as Readonly<Record<string, unknown>>
  const wanted = options['error'] ?? options['include']
  const all =
    flags['warn_error'] === true ||
    wanted === 'all' ||
    wanted === '*' ||
    (Array.isArray(wanted) && wanted.some((one) => one === 'all' || one === '*'))
  const [first] = warnings
  if (!all || first === undefined) return undefined
  return new MillraceError('MODEL_INVALID', first, { hint: 'It is an error because of --warn-error.' })
}
