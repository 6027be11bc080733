import type { DbtCommand, DbtOptions } from '../command/options.ts'

/** `args` of run_results.json: the flags of the invocation by dbt's names, which `retry` reads. */
export function invocationArgs({
  command,
  options,
}: {
  readonly command: DbtCommand
  readonly options: DbtOptions
}): Record<string, unknown> {
  const words = (value: string | readonly string[] | undefined): readonly string[] =>
    value === undefined ? [] : typeof value === 'string' ? [value] : value
  const { flags = {} } = options
  return {
    ...flags,
    which: WHICH[command] ?? command,
    select: words(options.select),
    exclude: words(options.exclude),
    vars: options.vars ?? {},
    full_refresh: options.fullRefresh ?? false,
    fail_fast: options.failFast ?? false,
    warn_error: options.warnError ?? null,
    store_failures: options.storeFailures ?? false,
    empty: options.empty ?? false,
    defer: options.defer ?? false,
    favor_state: options.favorState ?? false,
    indirect_selection: options.indirectSelection ?? 'eager',
    invocation_command: `dbt ${command}`,
    ...(options.selector === undefined ? {} : { selector: options.selector }),
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(options.macro === undefined ? {} : { macro: options.macro, args: options.args ?? {} }),
    ...(options.resourceTypes === undefined ? {} : { resource_types: options.resourceTypes }),
  }
}

/** dbt names a command of two words by one. */
const WHICH: Partial<Record<DbtCommand, string>> = {
  ls: 'list',
  'docs generate': 'generate',
  'source freshness': 'freshness',
}
