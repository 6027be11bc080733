import { createHash } from 'node:crypto'
import { type Json, type Place, type Schema, unreachable } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import type { StorageLevel } from './storage-level.ts'
import { subqueriesOf, withSubqueries } from './subqueries.ts'

export type FileFormat = 'parquet' | 'csv' | 'json' | 'text' | 'delta'
/** Formats that are read; Arrow is handed over by `toArrow`, and not written. */
export type ReadFormat = FileFormat | 'arrow'
export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross'

/** Options of a reader as the user wrote them; each reader checks its own. */
export type ReadOptions = Readonly<Record<string, string | number | boolean>>

/** Where a plan starts: what is read, and what is bound or given. */
export type Leaf = Located &
  (
    | {
        readonly op: 'read'
        readonly format: ReadFormat
        readonly paths: readonly string[]
        readonly options: ReadOptions
        readonly schema?: Schema
        /** Arrow given in the program instead of by paths: an IPC stream or file, in base64. */
        readonly ipc?: string
        /** A column of this name has the address of each row's file. */
        readonly fileColumn?: string
      }
    /** A dataset of the catalog, or a table of the engine. */
    | { readonly op: 'table'; readonly name: string; readonly version?: number }
    /** Rows given in the program; each row is an array of JSON values in the order of the schema. */
    | { readonly op: 'rows'; readonly schema: Schema; readonly rows: readonly (readonly Json[])[] }
    | { readonly op: 'range'; readonly start: number; readonly end: number; readonly step: number }
    /** An input of a pipeline task: a name that `bind` replaces. */
    | { readonly op: 'input'; readonly name: string }
    /** A query in the engine's SQL, over temporary views by their lower-case names, datasets and tables. */
    | {
        readonly op: 'sql'
        readonly text: string
        readonly views: Readonly<Record<string, Plan>>
        readonly args?: SqlArguments
      }
  )

/** Values of a query's parameters: of `:name`, or of each `?`. */
export type SqlArguments = Readonly<Record<string, Expr>> | readonly Expr[]

/** A logical plan: what a frame computes, as plain deterministic JSON without a session. */
export type Plan =
  | Leaf
  | (Located &
      (
        | { readonly op: 'project'; readonly input: Plan; readonly columns: readonly Expr[] }
        | { readonly op: 'filter'; readonly input: Plan; readonly condition: Expr }
        | { readonly op: 'withColumns'; readonly input: Plan; readonly columns: readonly NamedExpr[] }
        | { readonly op: 'drop'; readonly input: Plan; readonly columns: readonly string[] }
        | { readonly op: 'rename'; readonly input: Plan; readonly names: Readonly<Record<string, string>> }
        | {
            readonly op: 'aggregate'
            readonly input: Plan
            readonly groups: readonly Expr[]
            readonly aggregates: readonly Expr[]
            /** The sets of groups (positions in `groups`) that rows are grouped by one after the other. */
            readonly sets?: readonly (readonly number[])[]
            readonly pivot?: Pivot
            /** The aggregates are of columns of numbers; of all there are when none is given. */
            readonly ofNumbers?: NumberAggregate
          }
        | {
            readonly op: 'join'
            readonly left: Plan
            readonly right: Plan
            readonly how: JoinType
            readonly on: JoinOn
            /** The right side is made anew for each row of the left, whose columns it reaches as outer ones. */
            readonly lateral?: true
            /** Only so many rows of the right for each of the left: those that come first by this order. */
            readonly nearest?: { readonly by: Expr; readonly count: number }
          }
        | { readonly op: 'sort'; readonly input: Plan; readonly by: readonly Expr[] }
        | { readonly op: 'limit'; readonly input: Plan; readonly count?: number; readonly offset?: number }
        | {
            readonly op: 'distinct'
            readonly input: Plan
            readonly on?: readonly string[]
            /** Of a stream: equal rows that come within the watermark's delay. */
            readonly withinWatermark?: true
          }
        /** How late rows may come by a column's time; of streams, and nothing in a batch. */
        | { readonly op: 'watermark'; readonly input: Plan; readonly column: string; readonly delay: string }
        /** The columns of a schema by their names, cast where that loses nothing but digits. */
        | { readonly op: 'to'; readonly input: Plan; readonly schema: Schema }
        /** Rows as columns: a column for each value of the index, or of the first column. */
        | { readonly op: 'transpose'; readonly input: Plan; readonly index?: Expr }
        /** The rows numbered from 0, in a column of that name. */
        | { readonly op: 'index'; readonly input: Plan; readonly name: string }
        | {
            readonly op: 'set'
            readonly how: 'union' | 'intersect' | 'except'
            readonly all: boolean
            readonly byName: boolean
            readonly allowMissing: boolean
            readonly left: Plan
            readonly right: Plan
          }
        | { readonly op: 'alias'; readonly input: Plan; readonly name: string }
        /** With `from` the part of the rows whose hash lies in `from` to `from + fraction`. */
        | {
            readonly op: 'sample'
            readonly input: Plan
            readonly fraction: number
            readonly seed: number
            readonly from?: number
            /** Rows are drawn with replacement: `fraction` is how often one comes on average. */
            readonly replacement?: true
          }
        /** New names for all columns, by position. */
        | { readonly op: 'toDF'; readonly input: Plan; readonly names: readonly string[] }
        | {
            readonly op: 'unpivot'
            readonly input: Plan
            readonly ids: readonly Expr[]
            /** All columns but the ids when left out. */
            readonly values?: readonly Expr[]
            readonly variable: string
            readonly value: string
          }
        | (Missing & { readonly op: 'na'; readonly input: Plan })
        /** Statistics as rows of text; all columns of numbers and text when none are named. */
        | {
            readonly op: 'summary'
            readonly input: Plan
            readonly statistics: readonly string[]
            readonly columns?: readonly string[]
          }
        /** What is computed once and kept for as long as the program runs. */
        | { readonly op: 'cache'; readonly input: Plan; readonly level?: StorageLevel }
        /** What is below is computed with the engine's own operators and types. */
        | { readonly op: 'engineSemantics'; readonly input: Plan }
      ))

/** What `groupBy(…).sum()` and the like compute. */
export type NumberAggregate = 'sum' | 'avg' | 'min' | 'max'

/** Turns the values of a column into columns; the values that are there when it runs, in their order, unless given. */
export interface Pivot {
  readonly column: Expr
  readonly values?: readonly Expr[]
}

/** What is done about null (and NaN), in the named columns or in all of a fitting type. */
export type Missing =
  | { readonly how: 'fill'; readonly value: Expr; readonly columns?: readonly string[] }
  /** Rows with fewer than `least` values are dropped; all columns must have one when it is left out. */
  | { readonly how: 'drop'; readonly least?: number; readonly columns?: readonly string[] }
  | {
      readonly how: 'replace'
      readonly pairs: readonly (readonly [from: Expr, to: Expr])[]
      readonly columns?: readonly string[]
    }

/** Names of columns that both sides have, a condition, or nothing (a cross join). */
export type JoinOn =
  | { readonly kind: 'using'; readonly columns: readonly string[] }
  | { readonly kind: 'condition'; readonly condition: Expr }
  | { readonly kind: 'none' }

export interface NamedExpr {
  readonly name: string
  readonly expr: Expr
}

interface Located {
  /** The line of the user's program that made this step; not part of the plan's identity. */
  readonly at?: Place
}

/** The plans a plan is made from, left to right, and behind them those of subqueries in its expressions. */
export function childrenOf(plan: Plan): readonly Plan[] {
  const subqueries = subqueriesOf(plan)
  return subqueries.length === 0 ? inputsOfStep(plan) : [...inputsOfStep(plan), ...subqueries]
}

/** The plans that a step takes its rows from, left to right. */
export function inputsOfStep(plan: Plan): readonly Plan[] {
  switch (plan.op) {
    case 'read':
    case 'table':
    case 'rows':
    case 'range':
    case 'input':
    case 'sql':
      return []
    case 'join':
    case 'set':
      return [plan.left, plan.right]
    case 'project':
    case 'filter':
    case 'withColumns':
    case 'drop':
    case 'rename':
    case 'aggregate':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'alias':
    case 'sample':
    case 'toDF':
    case 'unpivot':
    case 'na':
    case 'summary':
    case 'cache':
    case 'engineSemantics':
    case 'watermark':
    case 'index':
    case 'to':
    case 'transpose':
      return [plan.input]
    default:
      return unreachable(plan)
  }
}

/** The leaves of a plan, left to right, each as often as it occurs. */
export function leavesOf(plan: Plan): Leaf[] {
  const leaves: Leaf[] = []
  const collect = (step: Plan) => {
    const children = childrenOf(step)
    if (children.length === 0) leaves.push(step as Leaf)
    for (const child of children) collect(child)
  }
  collect(plan)
  return leaves
}

/** What a plan reads: dataset names, paths with their format, and names of inputs that are not bound yet. */
export interface PlanInputs {
  readonly datasets: readonly string[]
  readonly paths: readonly { readonly format: ReadFormat; readonly path: string }[]
  readonly inputs: readonly string[]
}

/** What a plan reads, without duplicates, in order of first use: for graphs, lineage and catalog pins. */
export function inputsOf(plan: Plan): PlanInputs {
  const datasets = new Set<string>()
  const inputs = new Set<string>()
  const paths = new Map<string, { format: ReadFormat; path: string }>()
  for (const leaf of leavesOf(plan)) {
    if (leaf.op === 'sql') {
      for (const view of Object.values(leaf.views)) {
        const of = inputsOf(view)
        for (const name of of.datasets) datasets.add(name)
        for (const name of of.inputs) inputs.add(name)
        for (const read of of.paths) paths.set(`${read.format} ${read.path}`, read)
      }
    }
    if (leaf.op === 'table') datasets.add(leaf.name)
    if (leaf.op === 'input') inputs.add(leaf.name)
    if (leaf.op === 'read') {
      for (const path of leaf.paths) paths.set(`${leaf.format} ${path}`, { format: leaf.format, path })
    }
  }
  return { datasets: [...datasets], paths: [...paths.values()], inputs: [...inputs] }
}

/** The plan with each `input` leaf replaced by the plan of that name; inputs without one stay. */
export function bind(plan: Plan, inputs: Readonly<Record<string, Plan>>): Plan {
  switch (plan.op) {
    case 'input':
      return Object.hasOwn(inputs, plan.name) ? (inputs[plan.name] ?? plan) : plan
    default:
      return withChildren(plan, (child) => bind(child, inputs))
  }
}

/** The plan over other plans: `change` is called for each of its children, and for the views of a query. */
export function withChildren(given: Plan, change: (child: Plan) => Plan): Plan {
  const plan = withSubqueries(given, change)
  switch (plan.op) {
    case 'read':
    case 'table':
    case 'rows':
    case 'range':
    case 'input':
      return plan
    case 'sql': {
      const views = Object.entries(plan.views).map(([name, view]) => [name, change(view)] as const)
      return { ...plan, views: Object.fromEntries(views) }
    }
    case 'join':
    case 'set':
      return { ...plan, left: change(plan.left), right: change(plan.right) }
    default:
      return { ...plan, input: change(plan.input) }
  }
}

/** A hash of what the plan computes: the same for equal plans, wherever in the user's files they were written. */
export function planHash(plan: Plan): string {
  const known = HASHES.get(plan)
  if (known !== undefined) return known
  const text = JSON.stringify(plan, function (this: object, key, value: unknown) {
    return key === 'at' && 'op' in this ? undefined : value
  })
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  HASHES.set(plan, hash)
  return hash
}

// Plans never change.
const HASHES = new WeakMap<Plan, string>()
