import { MillraceError } from '../../../base/kernel/index.ts'
import type { DbtCommand, DbtOptions, IndirectSelection } from '../../../work/model/index.ts'
import { wholeNumber } from '../whole-number.ts'
import type { FlagValues } from './read-flags.ts'

const LIST_FORMS = ['selector', 'name', 'path', 'json'] as const

/** The options of a command that its flags say. @throws MillraceError OPTION_INVALID */
export function dbtOptions(command: DbtCommand, flags: FlagValues, words: readonly string[]): DbtOptions {
  const text = (name: string): string | undefined => flags[name] as string | undefined
  const some = <T>(key: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [key]: value }
  const list = (...names: string[]): string[] | undefined => {
    const all = names.flatMap((name) => (flags[name] as string[] | undefined) ?? [])
    return all.length > 0 ? all : undefined
  }
  const selected = list('select', 'models', 'model')
  const kinds = list('resource_types', 'resource_types_too')
  // As in dbt, --models of `ls` means models only.
  const onlyModels = command === 'ls' && selected !== undefined && flags['select'] === undefined
  const written = flags['single_threaded'] === true ? 1 : flags['threads']
  const threads = written === undefined ? undefined : wholeNumber('--threads', String(written), 1)
  return {
    ...some('select', selected),
    ...some('exclude', list('exclude')),
    ...some('selector', text('selector')),
    ...some('indirectSelection', text('indirect_selection') as IndirectSelection | undefined),
    ...some('resourceTypes', onlyModels ? ['model'] : kinds),
    ...some('excludeResourceTypes', list('exclude_resource_types', 'exclude_resource_types_too')),
    ...some('vars', flags['vars'] as Record<string, unknown> | undefined),
    ...some('threads', threads),
    ...some('state', text('state')),
    ...some('deferState', text('defer_state')),
    ...some('targetPath', text('target_path')),
    ...some('limit', flags['limit'] as number | undefined),
    ...some('inline', text('inline')),
    ...some('inlineDirect', text('inline_direct')),
    ...some('outputKeys', list('output_keys')),
    ...some('args', flags['args'] as Record<string, unknown> | undefined),
    ...some('macro', command === 'run-operation' ? words[0] : undefined),
    ...some('compile', flags['compile'] as boolean | undefined),
    ...some('partialParse', flags['partial_parse'] as boolean | undefined),
    ...some('sample', text('sample')),
    ...some('introspect', flags['introspect'] as boolean | undefined),
    ...some('warnErrorOptions', flags['warn_error_options'] as Record<string, unknown> | undefined),
    ...outputOf(command, text('output')),
    defer: flags['defer'] === true,
    favorState: flags['favor_state'] === true,
    fullRefresh: flags['full_refresh'] === true,
    failFast: flags['fail_fast'] === true,
    warnError: flags['warn_error'] === true,
    storeFailures: flags['store_failures'] === true,
    empty: flags['empty'] === true,
    checkColumns: flags['check_columns'] === true,
    static: flags['static'] === true,
    emptyCatalog: flags['empty_catalog'] === true,
    flags,
  }
}

/** `--output` means another thing with each command. */
function outputOf(command: DbtCommand, written: string | undefined): Partial<DbtOptions> {
  if (written === undefined) return {}
  if (command === 'source freshness') return { outputPath: written }
  const known: readonly string[] = command === 'ls' ? LIST_FORMS : ['text', 'json']
  if (!known.includes(written)) {
    throw new MillraceError('OPTION_INVALID', `--output "${written}" is not one of ${known.join(', ')}`)
  }
  return command === 'ls' ? { output: written as (typeof LIST_FORMS)[number] } : {}
}
