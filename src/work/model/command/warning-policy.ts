import { MillraceError } from '../../../base/kernel/index.ts'
import { isTree, listed } from '../read/config-tree.ts'

/** What becomes of a warning: it ends what it is about, it is told, or nobody hears of it. */
export type WarningFate = 'error' | 'warn' | 'silence'

/** dbt's names of the warnings there are here. */
export type WarningName =
  | 'JinjaLogWarning'
  | 'LogFreshnessResult'
  | 'LogTestResult'
  | 'NoNodeForYamlKey'
  | 'NoNodesForSelectionCriteria'
  | 'NoNodesSelected'
  | 'NothingToDo'
  | 'SnapshotTimestampWarning'

const KEYS = ['error', 'warn', 'silence'] as const
const OLDER: Readonly<Record<string, (typeof KEYS)[number]>> = { include: 'error', exclude: 'warn' }

/**
 * What `--warn-error` and `--warn-error-options` make of a warning, by dbt's rules: a name counts before `all`, and
 * `silence` before `warn` before `error`. `include` and `exclude` are the older words for `error` and `warn`.
 * @throws MillraceError OPTION_INVALID for what is no such mapping
 */
export function warningPolicy(
  warnError: boolean,
  options: Readonly<Record<string, unknown>> = {},
): (name: WarningName) => WarningFate {
  const read = new Map<string, unknown>()
  for (const [written, value] of Object.entries(options)) {
    const key = OLDER[written] ?? KEYS.find((one) => one === written)
    if (key === undefined) throw invalid(`"${written}" is not one of error, warn, silence`)
    if (read.has(key)) throw invalid(`${key} is given twice, as ${key} and by its older name`)
    read.set(key, value)
  }
  const names = (key: string): string[] => {
    const value = read.get(key)
    if (value === null || value === undefined || isAll(value)) return []
    if (!Array.isArray(value) || isTree(value))
      throw invalid(`${key} is a list of names${key === 'error' ? ', or all' : ''}`)
    return listed(value).map(String)
  }
  const all = warnError || isAll(read.get('error'))
  const error = new Set(names('error'))
  const warn = new Set(names('warn'))
  const silence = new Set(names('silence'))
  if (warn.size > 0 && !all && !error.has('Deprecations') && !silence.has('Deprecations'))
    throw invalid('warn can only be given together with error: all')
  return (name) => {
    if (silence.has(name)) return 'silence'
    if (warn.has(name)) return 'warn'
    return all || error.has(name) ? 'error' : 'warn'
  }
}

/** The error that a warning is made of. */
export function warningError(name: WarningName, message: string): MillraceError {
  return new MillraceError('MODEL_INVALID', message, {
    hint: `It is an error because of --warn-error or --warn-error-options; ${name} is its name there.`,
  })
}

function isAll(value: unknown): boolean {
  return value === 'all' || value === '*' || (Array.isArray(value) && value.some((one) => one === 'all' || one === '*'))
}

function invalid(what: string): MillraceError {
  return new MillraceError('OPTION_INVALID', `--warn-error-options: ${what}`, {
    hint: "Write it as --warn-error-options '{error: all, warn: [NothingToDo], silence: [JinjaLogWarning]}'.",
  })
}
