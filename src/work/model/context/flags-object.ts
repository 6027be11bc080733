/** The flags of an invocation that change what templates do. */
export interface InvocationFlags {
  readonly fullRefresh: boolean
  readonly storeFailures: boolean
  readonly empty: boolean
  /** Flags that were given, by dbt's names in small letters. */
  readonly named?: Readonly<Record<string, unknown>>
}

/** `flags` of templates: dbt's names in capitals; what was not asked for has dbt's default. */
export function flagsObject(command: string, flags: InvocationFlags): Record<string, unknown> {
  return {
    FULL_REFRESH: flags.fullRefresh,
    STORE_FAILURES: flags.storeFailures,
    WHICH: command,
    USE_EXPERIMENTAL_PARSER: false,
    STATIC_PARSER: true,
    WARN_ERROR: null,
    WARN_ERROR_OPTIONS: { error: [], warn: [], silence: [] },
    WRITE_JSON: true,
    PARTIAL_PARSE: true,
    USE_COLORS: true,
    PROFILES_DIR: null,
    DEBUG: false,
    LOG_FORMAT: 'default',
    VERSION_CHECK: true,
    FAIL_FAST: false,
    SEND_ANONYMOUS_USAGE_STATS: false,
    PRINTER_WIDTH: 80,
    INDIRECT_SELECTION: 'eager',
    LOG_CACHE_EVENTS: false,
    QUIET: false,
    NO_PRINT: null,
    CACHE_SELECTED_ONLY: false,
    INTROSPECT: true,
    TARGET_PATH: null,
    LOG_PATH: 'logs',
    INVOCATION_COMMAND: `dbt ${command}`,
    EMPTY: false,
    MAXIMUM_SEED_SIZE_MIB: 1,
    REQUIRE_SQL_HEADER_IN_TEST_CONFIGS: false,
    ...Object.fromEntries(Object.entries(flags.named ?? {}).map(([name, value]) => [name.toUpperCase(), value])),
  }
}
