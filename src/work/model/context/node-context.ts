import {
  ATTRIBUTE,
  bind,
  CALL,
  type Call,
  ITEM,
  native,
  params,
  returnValue,
  Tuple,
} from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { WarningName } from '../command/warning-policy.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Manifest, Node, RefArgs } from '../node.ts'
import { relationOf } from '../node-relation.ts'
import type { DbtPackages } from '../packages/dbt-package.ts'
import type { KeptReadings } from '../partial-parse/kept-readings.ts'
import { pythonStr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import type { ProjectFiles } from '../read/project-files.ts'
import { adapterObject } from './adapter-object.ts'
import { outsideFunctions, renderVariable } from './base-context.ts'
import { COLUMN_TYPES } from './column.ts'
import { configObject } from './config-object.ts'
import { ContextView } from './context-view.ts'
import { dispatchedMacro } from './dispatch.ts'
import { exceptionsObject } from './exceptions-object.ts'
import { graphOf } from './graph-object.ts'
import { type InvocationFacts, invocationGlobals, targetObject, tellPassing } from './invocation-globals.ts'
import type { MacroLibrary, Namespace } from './macro-library.ts'
import { plainData } from './plain-data.ts'
import { resultFunctions } from './query-functions.ts'
import { type Relation, relationApi } from './relation.ts'
import { withRuntimeConfig } from './runtime-config.ts'
import { seedTable } from './seed-table.ts'
import { VALUE_FUNCTIONS } from './value-functions.ts'

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
export interface Invocation extends InvocationFacts {
  /** The root project. */
  readonly project: DbtProject
  /** The root project and what is installed below it. */
  readonly packages: DbtPackages
  readonly vars: Readonly<Record<string, unknown>>
  readonly macros: MacroLibrary
  readonly files: ProjectFiles
  /** What rendering nodes gave when the project was last read; while it is read. */
  readonly readings?: KeptReadings
  /** `invocation_args_dict` of templates. */
  readonly args: Readonly<Record<string, unknown>>
  /** Tells of a warning by dbt's name of it. @throws MillraceError where it counts as an error */
  readonly warn: (name: WarningName, message: string) => void
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
  /** The unique ids that were selected. */
  readonly selected?: readonly string[]
  /** What stands for the node in the state that is deferred to. */
  readonly deferred?: Relation | undefined
}

/** The names a node's templates see, under dbt's public names; the project's macros win over them. */
export function nodeContext(invocation: Invocation, node: Node, mode: NodeMode): Namespace {
  const owner = node.package_name
  const { onPassing } = invocation
  const context: Namespace = Object.create(invocation.macros.namesFor(owner)) as Namespace
  const own = ownNames(invocation, node, mode, context)
  for (const name of Object.keys(own)) if (!invocation.macros.hides(name, owner)) context[name] = own[name]
  if (onPassing) for (const names of [context, own]) tellPassing(names, onPassing)
  // Only few projects read it, and it is as large as the project.
  Object.defineProperty(context, 'graph', { get: () => graphOf(mode.manifest), enumerable: true })
  context['context'] = new ContextView(context)
  context['builtins'] = own
  context['adapter'] = adapterOf(invocation, node, mode, context)
  return context
}

function ownNames(invocation: Invocation, node: Node, mode: NodeMode, context: Namespace): Namespace {
  const { project } = invocation
  const vars = invocation.packages.get(node.package_name)?.vars ?? invocation.vars
  const file = node.original_file_path
  const place = {
    vars,
    environment: invocation.environment,
    file,
    render: (text: string) => renderVariable(text, file, context),
    lenient: !mode.execute,
  }
  return {
    ...VALUE_FUNCTIONS,
    ...invocationGlobals(invocation),
    ...outsideFunctions(place),
    ...resultFunctions(),
    ref: withRuntimeConfig(
      native('ref', (call) => mode.ref(refOf(call, node))),
      invocation,
    ),
    source: native('source', (call) => sourceOf(call, node, mode)),
    metric: native('metric', ({ args }) => pythonStr(args.at(-1))),
    config: configObject(node, mode.config),
    this: relationOf(node),
    database: node.database,
    schema: node.schema,
    model: shownNode(node),
    execute: mode.execute,
    project_name: project.name,
    invocation_args_dict: invocation.args,
    is_incremental: () => mode.execute && mode.incremental === true,
    should_full_refresh: () => node.config['full_refresh'] ?? invocation.flags.fullRefresh,
    exceptions: exceptionsObject({ name: node.name, file: node.original_file_path, warn: invocation.warn }),
    validation: { any: validator(node) },
    api: { Relation: relationApi, Column: columnApi(invocation.dialect) },
    column: columnApi(invocation.dialect),
    sql: mode.sql ?? null,
    compiled_code: mode.sql ?? null,
    pre_hooks: node.config['pre-hook'] ?? [],
    post_hooks: node.config['post-hook'] ?? [],
    defer_relation: mode.deferred ?? null,
    sql_now: sqlNow(invocation.startedAt),
    env: targetObject(invocation.target, invocation.dialect),
    _sql_results: {},
    return: returnValue,
    function: () => {
      throw usage(node, 'functions (UDFs) are not built here, so that function() has nothing to name')
    },
    adapter_macro: () => {
      throw usage(node, 'adapter_macro() is no more: write adapter.dispatch(macro_name)(…)')
    },
    selected_resources: [...(mode.selected ?? [])],
    load_agate_table: () => seedTable(node, projectDirOf(invocation, node), invocation.dialect),
    // What a statement ran is kept by the run itself.
    write: () => '',
    submit_python_job: () => {
      throw usage(node, 'models in Python cannot be run')
    },
    try_or_compiler_error: native(
      'try_or_compiler_error',
      async ({ args: [message, call, ...args], kwargs, caller }) => {
        try {
          return await caller.call(call, args, kwargs)
        } catch (cause) {
          throw usage(node, pythonStr(message), cause)
        }
      },
    ),
  }
}

/** The time of the run as older versions of dbt wrote it into SQL. */
function sqlNow(moment: Date): string {
  return moment.toISOString().replace('T', ' ').replace('Z', '000+00:00')
}

/** `model` of templates: the node, with what dbt's has besides. */
function shownNode(node: Node): Record<string, unknown> {
  const contract = isTree(node.config['contract']) ? node.config['contract'] : {}
  return {
    metrics: [],
    functions: [],
    primary_key: [],
    contract: {
      enforced: contract['enforced'] === true,
      alias_types: contract['alias_types'] !== false,
      checksum: null,
    },
    ...node,
  }
}

/** `validation.any[…]`: a check of a setting's value. */
function validator(node: Node): unknown {
  const check =
    (allowed: readonly unknown[]) =>
    (value: unknown): null => {
      const fits = allowed.some((one) => one === value || (typeof one === 'function' && typeof value === 'string'))
      if (fits) return null
      throw usage(
        node,
        `the value ${pythonStr(plainData(value))} is none of ${allowed.map((one) => pythonStr(plainData(one))).join(', ')}`,
      )
    }
  return {
    [CALL]: ({ args }: Call) => check(args),
    [ITEM]: (allowed: unknown) => check(allowed instanceof Tuple ? allowed.items : [allowed]),
  }
}

function adapterOf(invocation: Invocation, node: Node, mode: NodeMode, context: Namespace): Record<string, unknown> {
  const { project, macros, dialect } = invocation
  const dispatcher = { project, macros, dialect, package: node.package_name, file: node.original_file_path }
  const adapter = adapterObject({
    dialect,
    connection: mode.execute ? mode.connection : undefined,
    dispatch: (name, namespace) => dispatchedMacro(dispatcher, name, namespace),
    lookup: (name) => context[name],
    columnApi: columnApi(dialect),
    log: (message) => invocation.log(message, true),
    ownMacro: (name) => (ownsMacro(invocation, name, node.package_name) ? context[name] : undefined),
    projectDir: projectDirOf(invocation, node),
    file: node.original_file_path,
    externalRoot: String(invocation.target.connection?.['external_root'] ?? '.'),
  })
  return withRuntimeConfig(adapter, invocation)
}

/** Whether a macro is a project's own, by its name or in the form of an adapter. */
export function ownsMacro({ macros, dialect }: Invocation, name: string, owner: string): boolean {
  return [name, ...dialect.prefixes.map((prefix) => `${prefix}__${name}`)].some((form) => macros.hides(form, owner))
}

/** The folder of the project or package that a node belongs to. */
export function projectDirOf({ packages, project }: Invocation, node: Node): string {
  return packages.get(node.package_name)?.project.dir ?? project.dir
}

/** The relation that a call of `source()` means. @throws MillraceError MODEL_INVALID, SOURCE_NOT_FOUND */
export function sourceOf({ args }: Pick<Call, 'args'>, node: Node, mode: NodeMode): Relation {
  if (args.length !== 2) throw usage(node, 'source() takes two names: the source and its table')
  return mode.source(pythonStr(args[0]), pythonStr(args[1]))
}

/** What a call of `ref()` names. @throws MillraceError MODEL_INVALID */
export function refOf({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>, node: Node): RefArgs {
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

/** `api.Column`. Only the names of types that differ between engines are translated, as in dbt. */
function columnApi(dialect: ModelDialect): object {
  const create = (name: unknown, type: unknown): unknown => dialect.column(pythonStr(name), pythonStr(type))
  const members: Record<string, unknown> = { ...COLUMN_TYPES, create: params(create, ['name', 'label_or_dtype']) }
  return {
    [CALL]: ({ args, kwargs }: Call) => {
      const names = ['column', 'dtype', 'char_size', 'numeric_precision', 'numeric_scale']
      const [name, type] = bind('Column', names, args, kwargs)
      return create(name, type)
    },
    [ATTRIBUTE]: (name: string) => members[name],
  }
}

function usage(node: Node, message: string, cause?: unknown): MillraceError {
  return new MillraceError('MODEL_INVALID', `rendering ${node.original_file_path}: ${message}`, {
    at: { file: node.original_file_path },
    ...(cause === undefined ? {} : { cause }),
  })
}
