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

/** What dbt's arguments are when nobody gave them: `invocation_args_dict` names them all. */
const UNSAID: Readonly<Record<string, unknown>> = {
  cache_selected_only: false,
  defer: false,
  empty: false,
  favor_state: false,
  hints_enabled: true,
  indirect_selection: 'eager',
  inject_ephemeral_ctes: true,
  introspect: true,
  log_file_max_bytes: 10_485_760,
  log_format: 'default',
  log_format_file: 'debug',
  log_level: 'info',
  log_level_file: 'debug',
  log_path: 'logs',
  macro_debugging: false,
  maximum_seed_size_mib: 1,
  partial_parse: true,
  partial_parse_file_diff: true,
  populate_cache: true,
  print: true,
  printer_width: 80,
  quiet: false,
  send_anonymous_usage_stats: false,
  show_all_deprecations: false,
  static_parser: true,
  strict_mode: false,
  use_colors: true,
  use_colors_file: true,
  use_fast_test_edges: false,
  version_check: true,
  warn_error_options: { error: [], warn: [], silence: [] },
  write_json: true,
}

/** Those that dbt leaves out while they are off. */
const LEFT_OUT = ['debug', 'full_refresh', 'fail_fast', 'warn_error', 'single_threaded', 'store_failures']

/** `invocation_args_dict` of templates: all arguments by dbt's names. */
export function invocationArgsDict(
  session: { readonly command: DbtCommand; readonly options: DbtOptions },
  dir: string,
): Record<string, unknown> {
  const all: Record<string, unknown> = { project_dir: dir, ...UNSAID, ...invocationArgs(session) }
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) => value !== null && value !== undefined && !(value === false && LEFT_OUT.includes(name)),
    ),
  )
}

/** dbt names a command of two words by one. */
const WHICH: Partial<Record<DbtCommand, string>> = {
  ls: 'list',
  'docs generate': 'generate',
  'source freshness': 'freshness',
}
