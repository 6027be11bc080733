import { ATTRIBUTE, CALL, type Call, native, params } from '../../base/jinja/index.ts'
import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { adapterObject } from './adapter-object.ts'
import { configCall, outsideFunctions, plainData } from './base-context.ts'
import type { DbtProject } from './dbt-project.ts'
import type { ModelDialect } from './dialect/index.ts'
import { BUILTIN_PACKAGE, type MacroLibrary, type Namespace } from './macro-library.ts'
import type { Manifest, Node, RefArgs } from './node.ts'
import { pythonStr } from './python-text.ts'
import { queryFunctions } from './query-functions.ts'
import { Relation, relationApi } from './relation.ts'

/** Where nodes are built and how templates name it (`target`). */
export interface TargetInfo {
  readonly name: string
  readonly profile: string
  readonly database: string
  readonly schema: string
  readonly threads: number
  /** What else `target` tells, such as host, port and user; never a password. */
  readonly connection?: Readonly<Record<string, unknown>>
}

/** What all contexts of one invocation share. */
export interface Invocation {
  readonly id: string
  readonly startedAt: Date
  readonly command: string
  readonly project: DbtProject
  readonly target: TargetInfo
  readonly dialect: ModelDialect
  readonly vars: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly macros: MacroLibrary
  readonly flags: { readonly fullRefresh: boolean; readonly storeFailures: boolean }
  /** Receives what templates log; `info` also goes to the user. */
  readonly log: (message: string, info: boolean) => void
}

/** What differs between reading a node and running it. */
export interface NodeMode {
  /** Whether statements reach the engine: `execute` in templates. */
  readonly execute: boolean
  readonly config: (call: Record<string, unknown>) => void
  readonly ref: (args: RefArgs) => Relation
  readonly source: (source: string, table: string) => Relation
  readonly connection?: EngineConnection
  readonly manifest?: Manifest
  /** Whether this run adds to the node's table instead of building it anew. */
  readonly incremental?: boolean
  /** The compiled SQL, for hooks. */
  readonly sql?: string
}

/** The names a node's templates see, under dbt's public names. */
export function nodeContext(invocation: Invocation, node: Node, mode: NodeMode): Namespace {
  const { project, target } = invocation
  const outside = { vars: invocation.vars, environment: invocation.environment, file: node.original_file_path }
  const ref = native('ref', (call) => mode.ref(refArgs(call, node)))
  const source = native('source', ({ args }) => {
    if (args.length !== 2) throw usage(node, 'source() takes two names: the source and its table')
    return mode.source(pythonStr(args[0]), pythonStr(args[1]))
  })
  const config = configObject(node, mode)
  const context: Namespace = Object.assign(Object.create(invocation.macros.names) as Namespace, {
    ...outsideFunctions(outside),
    ref,
    source,
    config,
    builtins: { ref, source, config },
    this: new Relation({ database: node.database, schema: node.schema, identifier: node.alias }),
    database: node.database,
    schema: node.schema,
    model: node,
    execute: mode.execute,
    target: targetObject(target, invocation.dialect),
    project_name: project.name,
    invocation_id: invocation.id,
    dbt_version: '1.12.0',
    run_started_at: pythonMoment(invocation.startedAt),
    flags: {
      FULL_REFRESH: invocation.flags.fullRefresh,
      STORE_FAILURES: invocation.flags.storeFailures,
      WHICH: invocation.command,
    },
    is_incremental: () => mode.execute && mode.incremental === true,
    should_full_refresh: () => node.config['full_refresh'] ?? invocation.flags.fullRefresh,
    log: params(
      (message: unknown, info?: unknown) => {
        invocation.log(pythonStr(plainData(message)), info === true)
        return ''
      },
      ['msg', 'info'],
    ),
    print: (message: unknown) => {
      invocation.log(pythonStr(plainData(message)), true)
      return ''
    },
    exceptions: exceptionsOf(node, invocation),
    api: { Relation: relationApi, Column: columnApi(invocation.dialect) },
    sql: mode.sql ?? null,
    compiled_code: mode.sql ?? null,
    pre_hooks: node.config['pre-hook'] ?? [],
    post_hooks: node.config['post-hook'] ?? [],
    selected_resources: [],
    tojson: (value: unknown) => JSON.stringify(plainData(value)),
    fromjson: (text: string) => JSON.parse(text) as unknown,
  })
  Object.assign(context, queryFunctions(mode.execute ? mode.connection : undefined))
  context['adapter'] = adapterObject(
    invocation.dialect,
    mode.execute ? mode.connection : undefined,
    (name, namespace) => {
      for (const owner of searchOrder(project, namespace)) {
        for (const prefix of invocation.dialect.prefixes) {
          const found = invocation.macros.find(`${prefix}__${name}`, owner)
          if (found !== undefined) return found
        }
      }
      const known = Object.keys(invocation.macros.names)
      throw unknownName('MODEL_INVALID', `rendering ${node.original_file_path}: the macro`, name, known, {
        at: { file: node.original_file_path },
      })
    },
  )
  // Only few projects read it, and it is as large as the project.
  Object.defineProperty(context, 'graph', { get: () => graphObject(mode.manifest), enumerable: true })
  context['context'] = context
  return context
}

/** The packages to search for a dispatched macro: as dbt_project.yml says, else the project before the package. */
function searchOrder(project: DbtProject, namespace = BUILTIN_PACKAGE): readonly string[] {
  const own = project.dispatch.find((entry) => entry.macro_namespace === namespace)
  return own ? own.search_order : [project.name, namespace]
}

function refArgs({ args, kwargs }: Call, node: Node): RefArgs {
  const names = args.map(pythonStr)
  const version = kwargs['version'] ?? kwargs['v'] ?? null
  if (names.length < 1 || names.length > 2) throw usage(node, 'ref() takes a name, or a package and a name')
  const name = names.at(-1) ?? ''
  return {
    name,
    package: names.length === 2 ? (names[0] ?? null) : null,
    version: version === null ? null : typeof version === 'number' ? version : pythonStr(version),
  }
}

/** `config(…)`, `config.get(…)` and its kin. */
function configObject(node: Node, mode: NodeMode): object {
  const read = (name: string): unknown => (name in node.config ? node.config[name] : undefined)
  const get = native('get', ({ args, kwargs }) => {
    const value = read(pythonStr(args[0] ?? kwargs['name']))
    const fallback = args[1] ?? kwargs['default'] ?? null
    return value === undefined || value === null ? fallback : value
  })
  const require = (name: string): unknown => {
    const value = read(name)
    if (value !== undefined && value !== null) return value
    throw usage(node, `the setting "${name}" is required`)
  }
  const members: Record<string, unknown> = {
    get,
    require,
    set: (name: string, value: unknown) => {
      mode.config({ [name]: plainData(value) })
      return ''
    },
    meta_get: (name: string, fallback: unknown = null) => node.config.meta[name] ?? fallback,
    persist_relation_docs: () => false,
    persist_column_docs: () => false,
  }
  return {
    [CALL]: (call: Call) => {
      mode.config(configCall(call))
      return ''
    },
    [ATTRIBUTE]: (name: string) => members[name] ?? read(name),
  }
}

function targetObject(target: TargetInfo, dialect: ModelDialect): Record<string, unknown> {
  return {
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

/** `api.Column`. Only the names of types that differ between engines are translated, as in dbt. */
function columnApi(dialect: ModelDialect): Record<string, unknown> {
  return {
    create: (name: string, type: string) => dialect.column(name, type),
    translate_type: (type: string) => (type.toUpperCase() === 'STRING' ? 'TEXT' : type),
    string_type: (size: unknown) => `character varying(${pythonStr(plainData(size))})`,
    numeric_type: (type: string, precision?: unknown, scale?: unknown) => {
      const [digits, fraction] = [plainData(precision), plainData(scale)]
      return digits === null || fraction === null ? type : `${type}(${pythonStr(digits)},${pythonStr(fraction)})`
    },
  }
}

function exceptionsOf(node: Node, invocation: Invocation): Record<string, unknown> {
  return {
    raise_compiler_error: params(
      (message: unknown) => {
        throw new MillraceError('MODEL_INVALID', pythonStr(plainData(message)).trim(), {
          at: { file: node.original_file_path },
        })
      },
      ['msg', 'node'],
    ),
    warn: params(
      (message: unknown) => {
        invocation.log(pythonStr(plainData(message)), true)
        return ''
      },
      ['msg', 'node'],
    ),
  }
}

function graphObject(manifest: Manifest | undefined): Record<string, unknown> {
  return {
    nodes: manifest ? Object.fromEntries(manifest.nodes) : {},
    sources: manifest ? Object.fromEntries(manifest.sources) : {},
  }
}

/** A moment as Python prints a datetime with its zone. */
function pythonMoment(moment: Date): string {
  return moment.toISOString().replace('T', ' ').replace('Z', '000+00:00')
}

function usage(node: Node, message: string): MillraceError {
  return new MillraceError('MODEL_INVALID', `rendering ${node.original_file_path}: ${message}`, {
    at: { file: node.original_file_path },
  })
}
