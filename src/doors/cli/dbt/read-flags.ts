import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import { parseYaml } from '../../../base/project/index.ts'
import { DBT_FLAGS, type DbtFlag } from './flags.ts'

/** Values of flags by dbt's names; what was not said is absent. */
export type FlagValues = Readonly<Record<string, unknown>>

/**
 * What flags say: the command line before `DBT_ENGINE_…` and `DBT_…` of the environment, these before `flags:` of
 * dbt_project.yml.
 * @throws MillraceError OPTION_INVALID
 */
export function readFlags(
  options: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  project: FlagValues = {},
): FlagValues {
  const values: Record<string, unknown> = {}
  for (const flag of DBT_FLAGS) {
    const written = options[optionName(flag)]
    const value =
      written === undefined
        ? (fromEnvironment(flag, environment) ?? project[flag.name])
        : typed(flag, written, /--[a-z-]+/.exec(flag.flags)?.[0] ?? flag.name)
    if (value !== undefined && value !== null) values[flag.name] = value
  }
  return values
}

/** What to say of flags of the line that change nothing here. */
export function idleFlags({ options }: { readonly options: Readonly<Record<string, unknown>> }): string[] {
  return DBT_FLAGS.flatMap((flag) => {
    const written = options[optionName(flag)]
    if (flag.idle === undefined || written === undefined) return []
    const [long = flag.name] = /--[a-z-]+/.exec(flag.flags) ?? []
    return [`OPTION_IDLE: ${written === false ? long.replace('--', '--no-') : long} has no effect: ${flag.idle}`]
  })
}

/** The name under which commander keeps a flag: `--no-x` and `--x` share one. */
function optionName(flag: DbtFlag): string {
  const long = /--([a-z-]+)/.exec(flag.flags)?.[1] ?? flag.name
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function fromEnvironment(flag: DbtFlag, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (flag.environment === false) return undefined
  const name = flag.name.toUpperCase()
  for (const variable of [`DBT_ENGINE_${name}`, `DBT_${name}`]) {
    const written = environment[variable]
    if (written !== undefined && written !== '') return typed(flag, written, variable)
  }
  return undefined
}

function typed(flag: DbtFlag, written: unknown, source: string): unknown {
  switch (flag.kind) {
    case 'switch':
    case 'on':
      return typeof written === 'boolean' ? written : truth(String(written), source)
    case 'number': {
      const number = Number(written)
      if (Number.isInteger(number)) return number
      throw new MillraceError('OPTION_INVALID', `${source} "${String(written)}" is not a whole number`)
    }
    case 'words':
      return Array.isArray(written) ? written : String(written).split(/\s+/).filter(Boolean)
    case 'yaml':
      return mapping(String(written), source)
    default:
      return String(written)
  }
}

function truth(written: string, source: string): boolean {
  if (/^(1|true|t|yes|y|on)$/i.test(written)) return true
  if (/^(0|false|f|no|n|off)$/i.test(written)) return false
  throw new MillraceError('OPTION_INVALID', `${source} "${written}" is neither true nor false`)
}

/** A mapping written as YAML. @throws MillraceError OPTION_INVALID */
function mapping(text: string, source: string): Record<string, unknown> {
  const hint = `Write it as YAML: ${source} '{name: value}'.`
  let data: unknown
  try {
    data = parseYaml(text, source, 'OPTION_INVALID', 'python').data ?? {}
  } catch (thrown) {
    const { code, message } = asMillraceError(thrown)
    throw new MillraceError(code, message, { hint })
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new MillraceError('OPTION_INVALID', `${source} is not a mapping`, { hint })
}
