import type { OptionDefinition } from '../command.ts'

/** How a flag of dbt is written and what else sets it. */
export interface DbtFlag {
  /** dbt's name of it, as in `flags:` of dbt_project.yml; its environment variable is `DBT_` and this in capitals. */
  readonly name: string
  /** In commander's notation. */
  readonly flags: string
  readonly summary: string
  /** `switch`: also `--no-…`; `on`: only by itself. */
  readonly kind: 'switch' | 'on' | 'text' | 'number' | 'words' | 'yaml'
  readonly choices?: readonly string[]
  /** Whether an environment variable sets it; true when absent. */
  readonly environment?: boolean
  /** Taken, so that existing commands keep working, but there is nothing here that it could change: why. */
  readonly idle?: string
}

const own = { environment: false } as const
const idle = (why: string) => ({ summary: 'Without effect here.', idle: why }) as const

/** dbt's flags, in the order help shows them. */
export const DBT_FLAGS: readonly DbtFlag[] = [
  {
    name: 'select',
    flags: '-s, --select <selection...>',
    kind: 'words',
    summary: 'Nodes to work on, in dbt’s selection grammar.',
    ...own,
  },
  { name: 'models', flags: '-m, --models <selection...>', kind: 'words', summary: 'The same as --select.', ...own },
  { name: 'model', flags: '--model <selection...>', kind: 'words', summary: 'The same as --select.', ...own },
  { name: 'exclude', flags: '--exclude <selection...>', kind: 'words', summary: 'Nodes to leave out.', ...own },
  { name: 'selector', flags: '--selector <name>', kind: 'text', summary: 'A selector of selectors.yml.', ...own },
  {
    name: 'indirect_selection',
    flags: '--indirect-selection <mode>',
    kind: 'text',
    choices: ['eager', 'cautious', 'buildable', 'empty'],
    summary: 'Which tests come along with what is selected.',
  },
  { name: 'resource_types', flags: '--resource-type <type...>', kind: 'words', summary: 'Only nodes of these types.' },
  {
    name: 'resource_types_too',
    flags: '--resource-types <type...>',
    kind: 'words',
    summary: 'The same as --resource-type.',
    ...own,
  },
  {
    name: 'exclude_resource_types',
    flags: '--exclude-resource-type <type...>',
    kind: 'words',
    summary: 'No nodes of these types.',
  },
  {
    name: 'exclude_resource_types_too',
    flags: '--exclude-resource-types <type...>',
    kind: 'words',
    summary: 'The same as --exclude-resource-type.',
    ...own,
  },
  { name: 'vars', flags: '--vars <yaml>', kind: 'yaml', summary: 'Variables, as YAML.', ...own },
  {
    name: 'full_refresh',
    flags: '-f, --full-refresh',
    kind: 'on',
    summary: 'Build incremental models and seeds anew.',
  },
  { name: 'fail_fast', flags: '-x, --fail-fast', kind: 'switch', summary: 'Stop at the first failure.' },
  {
    name: 'threads',
    flags: '--threads <n>',
    kind: 'number',
    summary: 'Nodes worked on at once; by default as the target says.',
    ...own,
  },
  {
    name: 'check_columns',
    flags: '--check-columns',
    kind: 'on',
    summary: 'Refuse to run when columns are missing or ambiguous or types clash; checked before anything runs.',
    ...own,
  },
  { name: 'empty', flags: '--empty', kind: 'switch', summary: 'Read no rows of what is referred to: a dry run.' },
  {
    name: 'sample',
    flags: '--sample <window>',
    kind: 'text',
    summary: "Read this window of event time only: '3 days', or {start: …, end: …}.",
  },
  {
    name: 'event_time_start',
    flags: '--event-time-start <time>',
    kind: 'text',
    summary: 'Batches of microbatch models from this time on.',
  },
  {
    name: 'event_time_end',
    flags: '--event-time-end <time>',
    kind: 'text',
    summary: 'Batches of microbatch models before this time.',
  },
  { name: 'store_failures', flags: '--store-failures', kind: 'on', summary: 'Keep the rows that tests find.' },
  { name: 'warn_error', flags: '--warn-error', kind: 'on', summary: 'Warnings count as errors.' },
  {
    name: 'warn_error_options',
    flags: '--warn-error-options <yaml>',
    kind: 'yaml',
    summary: 'Which warnings do: error, warn, silence.',
  },
  {
    name: 'state',
    flags: '--state <folder>',
    kind: 'text',
    summary: 'The target folder of an earlier run, to compare with and to defer to.',
  },
  { name: 'defer_state', flags: '--defer-state <folder>', kind: 'text', summary: 'Another such folder, to defer to.' },
  {
    name: 'defer',
    flags: '--defer',
    kind: 'switch',
    summary: 'Refer to the relations of --state for what is not selected and not built.',
  },
  { name: 'favor_state', flags: '--favor-state', kind: 'switch', summary: 'Defer even what is built here.' },
  {
    name: 'inline',
    flags: '--inline <sql>',
    kind: 'text',
    summary: 'compile, show: SQL with template code, in place of a node.',
    ...own,
  },
  { name: 'inline_direct', flags: '--inline-direct <sql>', kind: 'text', summary: 'show: SQL as it is.', ...own },
  {
    name: 'limit',
    flags: '--limit <n>',
    kind: 'number',
    summary: 'show: at most so many rows (5); -1 for all.',
    ...own,
  },
  {
    name: 'output',
    flags: '-o, --output <form>',
    kind: 'text',
    summary: 'ls: selector, name, path or json; compile, show: text or json; source freshness: a file.',
    ...own,
  },
  {
    name: 'output_keys',
    flags: '--output-keys <key...>',
    kind: 'words',
    summary: 'ls --output json: what to tell of each node.',
    ...own,
  },
  {
    name: 'args',
    flags: '--args <yaml>',
    kind: 'yaml',
    summary: 'run-operation: the macro’s arguments, as YAML.',
    ...own,
  },
  {
    name: 'show',
    flags: '--show',
    kind: 'on',
    summary: 'seed, build: show some of the rows that were loaded.',
    ...own,
  },
  { name: 'compile', flags: '--compile', kind: 'switch', summary: 'docs generate: compile the models first.', ...own },
  {
    name: 'static',
    flags: '--static',
    kind: 'on',
    summary: 'docs generate: also one HTML file with everything in it.',
  },
  {
    name: 'empty_catalog',
    flags: '--empty-catalog',
    kind: 'on',
    summary: 'docs generate: leave the database alone.',
    ...own,
  },
  {
    name: 'host',
    flags: '--host <name>',
    kind: 'text',
    summary: 'docs serve: the address to listen on; the loopback by default.',
  },
  { name: 'port', flags: '--port <n>', kind: 'number', summary: 'docs serve: the port (8080).', ...own },
  { name: 'browser', flags: '--browser', kind: 'switch', summary: 'docs serve: open the browser.', ...own },
  {
    name: 'introspect',
    flags: '--introspect',
    kind: 'switch',
    summary: 'compile, show: let templates ask the database.',
  },
  {
    name: 'clean_project_files_only',
    flags: '--clean-project-files-only',
    kind: 'switch',
    summary: 'clean: only folders of the project.',
  },
  {
    name: 'config_dir',
    flags: '--config-dir',
    kind: 'on',
    summary: 'debug: print the folder of profiles.yml.',
    ...own,
  },
  {
    name: 'upgrade',
    flags: '--upgrade',
    kind: 'on',
    summary: 'deps: settle the versions anew, whatever package-lock.yml says.',
    ...own,
  },
  { name: 'lock', flags: '--lock', kind: 'on', summary: 'deps: write package-lock.yml only.', ...own },
  {
    name: 'add_package',
    flags: '--add-package <package>',
    kind: 'text',
    summary: 'deps: add a package to packages.yml first, such as owner/name@1.0.0.',
    ...own,
  },
  {
    name: 'source',
    flags: '--source <source>',
    kind: 'text',
    choices: ['hub', 'git', 'local'],
    summary: 'deps: what --add-package names.',
    ...own,
  },
  { name: 'connection', flags: '--connection', kind: 'on', summary: 'debug: test the connection only.', ...own },
  {
    name: 'profiles_dir',
    flags: '--profiles-dir <folder>',
    kind: 'text',
    summary: 'The folder of profiles.yml; models are then built where it says.',
  },
  {
    name: 'profile',
    flags: '--profile <name>',
    kind: 'text',
    summary: 'The profile, in place of the one that dbt_project.yml names.',
  },
  {
    name: 'target_path',
    flags: '--target-path <folder>',
    kind: 'text',
    summary: 'Where artifacts go, in place of target.',
  },
  {
    name: 'log_format',
    flags: '--log-format <form>',
    kind: 'text',
    choices: ['text', 'debug', 'json', 'default'],
    summary: 'How progress is printed.',
  },
  {
    name: 'log_level',
    flags: '--log-level <level>',
    kind: 'text',
    choices: ['debug', 'info', 'warn', 'error', 'none'],
    summary: 'How much of it.',
  },
  { name: 'quiet', flags: '-q, --quiet', kind: 'switch', summary: 'Print errors and results only.' },
  { name: 'debug', flags: '-d, --debug', kind: 'switch', summary: 'Print the stack of an unexpected error.' },
  { name: 'print', flags: '--print', kind: 'switch', summary: 'Print what templates print().' },
  { name: 'use_colors', flags: '--use-colors', kind: 'switch', summary: 'Colours on a terminal.' },
  { name: 'write_json', flags: '--write-json', kind: 'switch', summary: 'Write artifacts.' },
  {
    name: 'printer_width',
    flags: '--printer-width <n>',
    kind: 'number',
    summary: 'How wide lines of progress are (80).',
  },
  { name: 'version', flags: '-V, --version', kind: 'on', summary: 'Print the versions.', ...own },
  {
    name: 'cache_selected_only',
    flags: '--cache-selected-only',
    kind: 'switch',
    ...idle('the database is asked for what is there, once a run'),
  },
  {
    name: 'export_saved_queries',
    flags: '--export-saved-queries',
    kind: 'switch',
    ...idle('saved queries are exported by dbt Cloud'),
  },
  {
    name: 'include_saved_query',
    flags: '--include-saved-query',
    kind: 'switch',
    ...idle('saved queries are exported by dbt Cloud'),
  },
  { name: 'log_cache_events', flags: '--log-cache-events', kind: 'switch', ...idle('there is no cache of relations') },
  {
    name: 'log_file_max_bytes',
    flags: '--log-file-max-bytes <n>',
    kind: 'number',
    summary: 'How large the log file grows before it is put aside (10485760).',
  },
  {
    name: 'log_format_file',
    flags: '--log-format-file <form>',
    kind: 'text',
    summary: 'How lines are written into the log file: text, debug or json.',
  },
  {
    name: 'log_level_file',
    flags: '--log-level-file <level>',
    kind: 'text',
    summary: 'How much is written into the log file.',
  },
  {
    name: 'log_path',
    flags: '--log-path <folder>',
    kind: 'text',
    summary: 'The folder of the log file, dbt.log; it is written when this or another flag of it is given.',
  },
  {
    name: 'macro_debugging',
    flags: '--macro-debugging',
    kind: 'switch',
    ...idle('errors name the macros they passed through'),
  },
  {
    name: 'maximum_seed_size_mib',
    flags: '--maximum-seed-size-mib <n>',
    kind: 'number',
    summary: 'Seeds larger than this are told apart by their path, not their content (1); 0 for no limit.',
  },
  {
    name: 'partial_parse',
    flags: '--partial-parse',
    kind: 'switch',
    summary: 'Use again what the last command read, where files, variables, target and environment are the same.',
  },
  {
    name: 'partial_parse_file_diff',
    flags: '--partial-parse-file-diff',
    kind: 'switch',
    ...idle('a project is read anew where it changed'),
  },
  {
    name: 'partial_parse_file_path',
    flags: '--partial-parse-file-path <file>',
    kind: 'text',
    ...idle('a project is read anew where it changed'),
  },
  {
    name: 'populate_cache',
    flags: '--populate-cache',
    kind: 'switch',
    ...idle('the database is asked for what is there, once a run'),
  },
  {
    name: 'record_timing_info',
    flags: '-r, --record-timing-info <file>',
    kind: 'text',
    ...idle('run_results.json holds the times of nodes'),
    ...own,
  },
  {
    name: 'send_anonymous_usage_stats',
    flags: '--send-anonymous-usage-stats',
    kind: 'switch',
    ...idle('nothing is sent'),
  },
  {
    name: 'show_all_deprecations',
    flags: '--show-all-deprecations',
    kind: 'switch',
    ...idle('deprecations are not summed up'),
    ...own,
  },
  { name: 'single_threaded', flags: '--single-threaded', kind: 'switch', summary: 'One node at a time.' },
  {
    name: 'skip_profile_setup',
    flags: '--skip-profile-setup',
    kind: 'on',
    summary: 'init: make no profiles.yml.',
    ...own,
  },
  {
    name: 'static_parser',
    flags: '--static-parser',
    kind: 'switch',
    ...idle('files are read in the way that tells the same of them'),
  },
  { name: 'use_colors_file', flags: '--use-colors-file', kind: 'switch', summary: 'Colours in the log file.' },
  {
    name: 'use_experimental_parser',
    flags: '--use-experimental-parser',
    kind: 'switch',
    ...idle('files are read in the way that tells the same of them'),
  },
  {
    name: 'use_fast_test_edges',
    flags: '--use-fast-test-edges',
    kind: 'switch',
    ...idle('the graph is the same either way'),
  },
  {
    name: 'version_check',
    flags: '--version-check',
    kind: 'switch',
    summary: 'Refuse projects whose require-dbt-version is another.',
  },
]

/** The flags as options of the command line; the idle ones are not in its help. */
export function dbtOptionDefinitions(): OptionDefinition[] {
  return DBT_FLAGS.flatMap((flag): OptionDefinition[] => {
    const hidden = flag.idle === undefined ? {} : { hidden: true }
    const choices = flag.choices ? { choices: flag.choices } : {}
    const option = { flags: flag.flags, summary: flag.summary, ...choices, ...hidden }
    if (flag.kind !== 'switch') return [option]
    const long = /--([a-z-]+)/.exec(flag.flags)?.[1] ?? flag.name
    return [option, { flags: `--no-${long}`, summary: `The contrary of --${long}.`, hidden: true }]
  })
}
