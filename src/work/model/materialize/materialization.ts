import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Relation } from '../context/relation.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Node } from '../node.ts'
import type { Batch } from './plan-batches.ts'

/** What a materialization is given: everything it needs to build one node. */
export interface MaterializationInput {
  readonly node: Node
  /** Where it is to be built. */
  readonly target: Relation
  /** What stands there now; a run rereads it before each node. */
  readonly existing: Relation | undefined
  /** The compiled SQL. */
  readonly sql: string
  readonly connection: EngineConnection
  readonly dialect: ModelDialect
  readonly fullRefresh: boolean
  /** Whether nothing is to be read: seeds are created without rows. */
  readonly empty: boolean
  /** The window of event time whose rows are replaced. */
  readonly batch?: Batch
  readonly projectDir: string
  readonly signal?: AbortSignal
  /** Runs the node's hooks: `inside` the transaction or around it. Renders them when they run. */
  hooks(when: 'pre' | 'post', where: 'inside' | 'around'): Promise<void>
  readonly macros: NodeMacros
  /** Keeps the text of a statement for `target/run/…`. */
  record(statement: string): void
  log(message: string): void
}

/** The macros of the project, called with the node's context. */
export interface NodeMacros {
  /** Whether the project or one of its packages has a macro of that name, or an implementation of it for dispatch. */
  overrides(name: string): boolean
  /** Whether there is one at all; built-in ones count. */
  has(name: string): boolean
  /** What the macro answers, as plain data. @throws MillraceError JINJA_* and what it calls throws */
  call(name: string, args: readonly unknown[]): Promise<unknown>
}

/** What a materialization did, in dbt's words. */
export interface MaterializationResult {
  /** The engine's answer: `OK`, `INSERT 99`. */
  readonly message: string
  readonly code?: string
  readonly rows?: number
}

/**
 * One way to keep a node as a relation. It leaves the old relation untouched unless it succeeds: what it does
 * becomes visible by one commit.
 */
export interface Materialization {
  readonly name: string
  run(input: MaterializationInput): Promise<MaterializationResult>
}
