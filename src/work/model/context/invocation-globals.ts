import { PythonDateTime, params, UTC } from '../../../base/jinja/index.ts'
import { DBT_VERSION } from '../artifacts/metadata.ts'
import type { ModelDialect } from '../dialect/index.ts'
import { pythonStr } from '../python-text.ts'
import { flagsObject, type InvocationFlags } from './flags-object.ts'
import type { Namespace } from './macro-library.ts'
import type { TargetInfo } from './node-context.ts'
import { plainData } from './plain-data.ts'

/** What every template of an invocation tells of it, those of YAML files included. */
export interface InvocationFacts {
  readonly id: string
  readonly startedAt: Date
  readonly command: string
  readonly target: TargetInfo
  readonly dialect: ModelDialect
  readonly environment: Readonly<Record<string, string | undefined>>
  /** `DBT_ENV_CUSTOM_ENV_*`, under what follows the prefix. */
  readonly metadataEnvironment: Readonly<Record<string, unknown>>
  readonly flags: InvocationFlags
  /** Receives what templates log; `info` also goes to the user. */
  readonly log: (message: string, info: boolean) => void
  /** Told when a template reads what is another in the next invocation, by the name it reads. */
  readonly onPassing?: (name: PassingName) => void
}

/** Names whose values belong to one invocation. */
const PASSING = [
  'flags',
  'invocation_args_dict',
  'should_full_refresh',
  'invocation_id',
  'run_started_at',
  'sql_now',
  'dbt_metadata_envs',
] as const
export type PassingName = (typeof PASSING)[number]

/** Makes names tell when one that belongs to the invocation is read. */
export function tellPassing(names: Namespace, onPassing: (name: PassingName) => void): void {
  for (const name of PASSING.filter((one) => Object.hasOwn(names, one))) {
    const value = names[name]
    const get = (): unknown => {
      onPassing(name)
      return value
    }
    Object.defineProperty(names, name, { get, enumerable: true })
  }
}

/** The names that texts of YAML files see. */
export function yamlGlobals(facts: InvocationFacts): Namespace {
  const names = invocationGlobals(facts)
  if (facts.onPassing) tellPassing(names, facts.onPassing)
  return names
}

/** The names that dbt's templates have outside of nodes too, such as `target`, `run_started_at` and `flags`. */
export function invocationGlobals(facts: InvocationFacts): Namespace {
  const { target, dialect, command, flags } = facts
  return {
    target: targetObject(target, dialect),
    invocation_id: facts.id,
    dbt_metadata_envs: facts.metadataEnvironment,
    dbt_version: DBT_VERSION,
    run_started_at: PythonDateTime.at(facts.startedAt.getTime() * 1000, UTC),
    thread_id: 'Thread-1 (worker)',
    flags: flagsObject(command, flags),
    log: params(
      (message: unknown, info?: unknown) => {
        facts.log(pythonStr(plainData(message)), info === true)
        return ''
      },
      ['msg', 'info'],
    ),
    print: (message: unknown) => {
      facts.log(pythonStr(plainData(message)), true)
      return ''
    },
  }
}

/** What dbt-duckdb tells of a connection, as far as nobody set it. */
const DUCKDB_TARGET: Readonly<Record<string, unknown>> = {
  attach: null,
  config_options: null,
  disable_transactions: false,
  extensions: null,
  external_root: '.',
  filesystems: null,
  plugins: null,
  remote: null,
  settings: {},
  use_credential_provider: null,
}

/** `target` of templates. */
export function targetObject(target: TargetInfo, dialect: ModelDialect): Record<string, unknown> {
  return {
    ...(dialect.adapter === 'duckdb' ? DUCKDB_TARGET : {}),
    ...target.connection,
    name: target.name,
    target_name: target.name,
    profile_name: target.profile,
    type: dialect.adapter,
    database: target.database,
    ...(dialect.adapter === 'postgres' ? { dbname: target.database } : {}),
    schema: target.schema,
    threads: target.threads,
  }
}
