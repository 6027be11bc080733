import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { inline } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { type Compilation, compileNode, runContext } from '../compile.ts'
import type { Namespace } from '../context/macro-library.ts'
import { ownsMacro, projectDirOf } from '../context/node-context.ts'
import { plainData } from '../context/plain-data.ts'
import type { Relation } from '../context/relation.ts'
import { keepContract } from '../contract/contract.ts'
import type { ModelDialect } from '../dialect/index.ts'
import {
  body,
  MATERIALIZATIONS,
  type MaterializationResult,
  type NodeMacros,
  runDataTest,
} from '../materialize/index.ts'
import { jinjaMaterialization, runJinjaMaterialization, runJinjaTest } from '../materialize/jinja-materialization.ts'
import { type Batch, isMicrobatch } from '../materialize/plan-batches.ts'
import type { Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { isTree } from '../read/config-tree.ts'
import { runUnitTest } from '../unit-test/run-unit-test.ts'
import type { NodeResult } from './result.ts'
import { runBatches } from './run-batches.ts'

/** What came of one node, before it is timed. */
export type NodeOutcome = Pick<NodeResult, 'status' | 'message' | 'failures' | 'rows' | 'code'> & {
  /** The statements that were run, for `target/run/…`. */
  readonly statements: readonly string[]
}

/** How nodes are run. */
export interface RunNodeOptions {
  readonly connection: EngineConnection
  readonly signal?: AbortSignal
  readonly warnError?: boolean
  /** More connections, for windows of a microbatch model that are filled at once: at most so many. */
  readonly threads?: number
  readonly connect?: () => Promise<EngineConnection>
  /** Finds what stands in a node's place, in place of asking the engine. */
  readonly existing?: (target: Relation) => Promise<Relation | undefined>
  /** Called between compiling and executing. */
  readonly compiled?: () => void
}

/**
 * Compiles and executes one node: builds a model or seed, or runs a test.
 * @throws MillraceError what compiling or the engine throws; the old relation is untouched then
 */
export async function runNode(compilation: Compilation, node: Node, options: RunNodeOptions): Promise<NodeOutcome> {
  const { invocation } = compilation
  const { dialect } = invocation
  const { connection } = options
  const statements: string[] = []
  const signal = options.signal ? { signal: options.signal } : {}
  await compilation.plugins?.ready(compilation.manifest, node, connection)
  if (node.resource_type === 'test') {
    const compiled = await compileNode(compilation, node, { connection })
    options.compiled?.()
    const own = jinjaMaterialization(compilation, node)
    if (own) {
      const outcome = await runJinjaTest(compilation, node, own, {
        connection,
        context: runContext(compilation, node, { connection, sql: compiled }),
        hooks: async () => undefined,
        record: (text) => statements.push(text),
        warnError: options.warnError ?? false,
      })
      return { ...outcome, statements }
    }
    const outcome = await runDataTest(node, compiled, connection, {
      dialect,
      storeFailures: invocation.flags.storeFailures,
      warnError: options.warnError ?? false,
      record: (statement) => statements.push(inline(statement, connection.engine.dialect)),
      ...signal,
    })
    return { ...outcome, statements }
  }
  if (node.resource_type === 'unit_test') {
    options.compiled?.()
    const outcome = await runUnitTest(compilation, node, {
      connection,
      record: (text) => statements.push(text),
      ...signal,
    })
    return { ...outcome, statements }
  }
  const written = jinjaMaterialization(compilation, node)
  const materialization = MATERIALIZATIONS.get(node.config.materialized)
  if (!materialization && !written) {
    throw unknownName(
      'MODEL_INVALID',
      `building ${node.name}: the materialization`,
      node.config.materialized,
      [...MATERIALIZATIONS.keys(), 'ephemeral'],
      { at: { file: node.original_file_path } },
    )
  }
  const target = relationOf(node)
  const existing = await (options.existing?.(target) ?? dialect.relationAt(connection, target))
  const fullRefresh = fullRefreshOf(node, invocation.flags.fullRefresh)
  const incremental = node.config.materialized === 'incremental' && existing?.is_table === true && !fullRefresh
  const building = { target, existing, fullRefresh, incremental, statements }
  const result = isMicrobatch(node)
    ? await buildInBatches(compilation, node, options, building)
    : await build(compilation, node, options, building)
  return {
    status: 'success',
    message: result.message,
    failures: isMicrobatch(node) ? 0 : null,
    statements,
    ...(result.rows === undefined ? {} : { rows: result.rows }),
    ...(result.code === undefined ? {} : { code: result.code }),
  }
}

/** Builds a microbatch model, on more than one connection where windows may be filled at once. */
async function buildInBatches(
  compilation: Compilation,
  node: Node,
  options: RunNodeOptions,
  building: Building,
): Promise<MaterializationResult> {
  const { dialect } = compilation.invocation
  const { existing, fullRefresh, incremental, target } = building
  const lanes = incremental && runsConcurrently(node) && options.connect ? (options.threads ?? 1) : 1
  const connections: EngineConnection[] = [options.connection]
  try {
    for (let lane = 1; lane < lanes && options.connect; lane += 1) connections.push(await options.connect())
    return await runBatches(compilation, node, {
      incremental,
      lanes: connections.length,
      build: async (batch, { adds, first, last, lane }) => {
        const connection = connections[lane] ?? options.connection
        const held = adds ? await dialect.relationAt(connection, target) : existing
        // As in dbt the code of a full refresh is not told that later batches add to the first.
        const mode = { existing: held, fullRefresh: !adds, incremental: adds && !fullRefresh }
        const hooks = { 'pre-hook': first, 'post-hook': last }
        const config = Object.fromEntries(Object.entries(hooks).flatMap(([name, runs]) => (runs ? [] : [[name, []]])))
        const own: Node = { ...node, config: { ...node.config, ...config } }
        const result = await build(compilation, own, { ...options, connection }, { ...building, ...mode, batch })
        node.compiled = own.compiled
        node.compiled_code = own.compiled_code
        return result
      },
    })
  } finally {
    await Promise.all(connections.slice(1).map((connection) => connection[Symbol.asyncDispose]()))
  }
}

/** Whether a model's windows may be filled at once: as it says, else unless it reads its own table. */
function runsConcurrently({ config, raw_code: code }: Node): boolean {
  const written = config['concurrent_batches']
  return typeof written === 'boolean' ? written : !/\bthis\b/.test(code)
}

/** What building a node once is told. */
interface Building {
  readonly target: Relation
  readonly existing: Relation | undefined
  readonly fullRefresh: boolean
  readonly incremental: boolean
  /** Of a microbatch model. */
  readonly batch?: Batch
  readonly statements: string[]
}

/** Compiles a node and builds its relation. */
async function build(
  compilation: Compilation,
  node: Node,
  options: RunNodeOptions,
  { target, existing, fullRefresh, incremental, batch, statements }: Building,
): Promise<MaterializationResult> {
  const { invocation } = compilation
  const { dialect } = invocation
  const { connection } = options
  const signal = options.signal ? { signal: options.signal } : {}
  const window = batch ? { batch } : {}
  const written = jinjaMaterialization(compilation, node)
  const materialization = MATERIALIZATIONS.get(node.config.materialized)
  const compiled = await compileNode(compilation, node, { connection, incremental, ...window })
  options.compiled?.()
  refuseLongName(dialect, node)
  await keepContract(node, body(compiled), { connection, dialect })
  const hooks = async (when: 'pre' | 'post', where: 'inside' | 'around'): Promise<void> => {
    const context = () => runContext(compilation, node, { connection, incremental, sql: compiled, ...window })
    for (const hook of hooksOf(node, when)) {
      if (hook.inside !== (where === 'inside')) continue
      const text = await compilation.templates.render(hook.sql, node.original_file_path, context())
      if (text.trim() === '') continue
      statements.push(text)
      await connection.script(text, signal)
    }
  }
  const record = (statement: string): void => void statements.push(statement)
  if (written) {
    const context = runContext(compilation, node, { connection, incremental, sql: compiled, ...window })
    // Of a microbatch model only the first window of a new table makes it anew.
    if (batch) context['should_full_refresh'] = () => fullRefresh
    return runJinjaMaterialization(compilation, node, written, { connection, context, hooks, record })
  }
  if (!materialization) throw new MillraceError('INTERNAL', `the materialization of ${node.name} was lost`)
  return materialization.run({
    node,
    target,
    existing,
    sql: compiled,
    ...window,
    connection,
    dialect,
    fullRefresh,
    empty: invocation.flags.empty,
    projectDir: projectDirOf(invocation, node),
    hooks,
    macros: nodeMacros(compilation, node, () =>
      runContext(compilation, node, { connection, incremental, sql: compiled, ...window }),
    ),
    record,
    log: (message) => invocation.log(message, true),
    ...signal,
  })
}

function nodeMacros({ invocation, templates }: Compilation, node: Node, newContext: () => Namespace): NodeMacros {
  const { macros } = invocation
  return {
    overrides: (name) => ownsMacro(invocation, name, node.package_name),
    has: (name) => macros.idOf(name) !== undefined,
    call: async (name, args) => {
      const context = newContext()
      context['_arguments'] = args
      return plainData(await templates.evaluate(`${name}(*_arguments)`, node.original_file_path, context))
    },
  }
}

/** A connection of the caller's, which must speak what the project was read for. */
export async function connectTo(
  deps: { readonly connect: () => Promise<EngineConnection> },
  dialect: ModelDialect,
): Promise<EngineConnection> {
  const connection = await deps.connect()
  if (connection.engine.dialect === dialect.adapter) return connection
  const spoken = connection.engine.dialect
  await connection[Symbol.asyncDispose]()
  throw new MillraceError('INTERNAL', `models read for ${dialect.adapter} were to be built by an engine of ${spoken}`)
}

/**
 * Creates the schemas that nodes are built in, by the macro `create_schema` where the project has its own; as in dbt
 * that is asked only for schemas that are missing.
 * @throws MillraceError MODEL_INVALID for another database where models cannot leave theirs
 */
export async function createSchemas(
  compilation: Compilation,
  connection: EngineConnection,
  nodes: readonly Node[],
): Promise<void> {
  const { invocation, templates } = compilation
  const { dialect, project } = invocation
  const placed = nodes.filter((node) => node.relation_name !== null)
  const schemas = new Map(placed.map((node) => [`${node.database}.${node.schema}`, node]))
  const own = ownsMacro(invocation, 'create_schema', project.name)
  for (const node of schemas.values()) {
    const relation = relationOf(node)
    if (!own) await dialect.createSchema(connection, relation)
    else {
      const context = runContext(compilation, node, { connection })
      context['_relation'] = relation.without_identifier()
      const call =
        '_relation.schema and not adapter.check_schema_exists(_relation.database, _relation.schema) and create_schema(_relation)'
      await templates.evaluate(call, 'the macro create_schema', context)
    }
  }
}

function refuseLongName({ adapter, maxNameBytes }: ModelDialect, node: Node): void {
  if (maxNameBytes === undefined || Buffer.byteLength(node.alias) <= maxNameBytes) return
  throw new MillraceError(
    'MODEL_INVALID',
    `building ${node.name}: the relation's name "${node.alias}" is longer than ${maxNameBytes} bytes, all that ${adapter} keeps`,
    { at: { file: node.original_file_path }, hint: 'Give it a shorter `alias`.' },
  )
}

function fullRefreshOf(node: Node, flag: boolean): boolean {
  const own = node.config['full_refresh']
  return own === null || own === undefined ? flag : own === true
}

interface Hook {
  readonly sql: string
  readonly inside: boolean
}

/** A node's hooks: texts, or mappings with `sql` and `transaction`. */
function hooksOf(node: Node, when: 'pre' | 'post'): Hook[] {
  const written = node.config[`${when}-hook`]
  return (Array.isArray(written) ? written : []).map((hook: unknown): Hook => {
    if (typeof hook === 'string') return { sql: hook, inside: true }
    if (isTree(hook) && typeof hook['sql'] === 'string')
      return { sql: hook['sql'], inside: hook['transaction'] !== false }
    throw new MillraceError('MODEL_INVALID', `building ${node.name}: a ${when}-hook must be a text or have \`sql\``, {
      at: { file: node.original_file_path },
    })
  })
}
