import {
  formatPlace,
  formatType,
  MillraceError,
  type Place,
  type Schema,
  unreachable,
} from '../../../base/kernel/index.ts'
import { type Dialect, id, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { ANY_ROW, type RowCondition } from '../../table/index.ts'
import { frameDialect } from '../dialect/dialects.ts'
import { type FrameDialect, unsupported } from '../dialect/frame-dialect.ts'
import { ownDialect } from '../dialect/own-forms.ts'
import type { Expr } from '../expr.ts'
import { type Leaf, leavesOf, type Plan, planHash } from '../plan.ts'
import { compileAggregate } from './aggregate.ts'
import { askedRows } from './asked-rows.ts'
import { type Block, isOpen, isUncut, outputNames, renderBlock, wrap } from './block.ts'
import { computed } from './computed.ts'
import { expandTexts } from './expand-texts.ts'
import { type Context, compileSortKey, isAggregate } from './expression.ts'
import { extended, selectable } from './extend.ts'
import { withFileNames } from './file-names.ts'
import { compileFilter } from './filter.ts'
import { generate } from './generate.ts'
import { compileJoin } from './join.ts'
import { checkPlaces } from './misplaced.ts'
import { compileMissing } from './missing.ts'
import { compileTo } from './reconcile.ts'
import { lookUp, type ScopeColumn, settledColumn } from './scope.ts'
import { compileSet, refuseMaps } from './set.ts'
import { compileDraw, compileSplit } from './split.ts'
import { inStep } from './step-error.ts'
import { compileSummary } from './summary.ts'
import { expandTimeWindows } from './time-window.ts'
import { compileUnpivot } from './unpivot.ts'

/** What a leaf of a plan is in the engine: a table expression (a name, or a `select` in parentheses) and its columns. */
export interface Relation {
  readonly sql: Sql
  readonly schema: Schema
  /** The table version it is pinned to, if it has versions. */
  readonly version?: number
  /** How many files of a table of the lake are read, of how many it has. */
  readonly files?: { readonly read: number; readonly of: number }
}

export interface CompileOptions {
  readonly dialect: Dialect
  /**
   * Finds a leaf in the engine; called once for each different leaf. Rows that do not meet `asked` may be
   * missing in what it finds, because filters remove them.
   */
  readonly resolve: (leaf: Leaf, asked: RowCondition) => Promise<Relation>
  /**
   * Products of decimals may be computed in 64 bits, in which the engine fails where they are too large (`overflows`):
   * who sets it compiles again without it then.
   */
  readonly hopeful?: boolean
}

export interface Compiled {
  /** One `select` statement. */
  readonly sql: Sql
  /** The names of its columns as the frame has them. Where two are equal, the statement numbers the second. */
  readonly names: readonly string[]
  readonly columns: readonly ScopeColumn[]
  /** Whether it may fail where numbers are large, and would not when compiled without `hopeful`. */
  readonly hoped: boolean
}

/** What the compilers of single steps share. */
export interface Compiling {
  block(plan: Plan): Block
  /** The same, with decimals as the engine holds them. */
  heldBlock(plan: Plan): Block
  /** What an expression at a point of the plan is compiled against. */
  context(scope: readonly ScopeColumn[], at: Place | undefined): Context
  /** The compiler of a subquery, or of the right side of a lateral join, in which these columns are outer ones. */
  within(outer: readonly ScopeColumn[]): Compiling
  /** A table alias that is not used yet. */
  alias(): string
  /** The alias, or another when it is used already. */
  aliasLike(name: string): string
  readonly dialect: FrameDialect
  /** The same with the engine's own operators and types. */
  own(): Compiling
}

/**
 * A plan as one SQL statement. Columns are checked against the schemas of what is read.
 * @throws MillraceError COLUMN_UNKNOWN, COLUMN_AMBIGUOUS, COLUMN_TYPE, FUNCTION_UNKNOWN, FRAME_PLAN_INVALID, ENGINE_UNSUPPORTED, and what `resolve` throws
 */
export async function compile(given: Plan, options: CompileOptions): Promise<Compiled> {
  const dialect = { ...frameDialect(options.dialect), ...(options.hopeful ? { hope: { taken: false } } : {}) }
  const relations = new Map<string, Relation>()
  const plan = withFileNames(given)
  const asked = askedRows(plan)
  for (const leaf of leavesOf(plan)) {
    const key = planHash(leaf)
    if (!relations.has(key)) relations.set(key, await options.resolve(leaf, asked.get(key) ?? ANY_ROW))
  }
  return compileWith(plan, relations, dialect)
}

/** The pure part of `compile`: every leaf is given, by its `planHash`. */
export function compileWith(
  plan: Plan,
  relations: ReadonlyMap<string, Relation>,
  dialect: FrameDialect = frameDialect('duckdb'),
): Compiled {
  const text = JSON.stringify(plan)
  const taken = new Set([...text.matchAll(/"name":"(t\d+)"/g)].map((match) => match[1] ?? ''))
  const marks = text.includes('"frame":')
  let next = 0
  const alias = () => {
    do next += 1
    while (taken.has(`t${next}`))
    return `t${next}`
  }
  const given = new Set<string>()
  const compilingWith = (dialect: FrameDialect, outer?: readonly ScopeColumn[]): Compiling => {
    const around = (scope: readonly ScopeColumn[]) => compilingWith(dialect, [...scope, ...(outer ?? [])])
    const compiling: Compiling = {
      dialect,
      alias,
      aliasLike: (name) => {
        const key = name.toLowerCase()
        if (outer !== undefined || given.has(key)) return alias()
        given.add(key)
        return name
      },
      own: () => compilingWith(ownDialect(dialect), outer),
      within: around,
      context: (scope, at) => ({
        scope,
        at,
        dialect,
        ...(outer ? { outer } : {}),
        subquery: (step) => around(scope).block(step),
      }),
      block: (step) => {
        const block = compiling.heldBlock(step)
        const columns = block.columns.map((column) => settledColumn(column, dialect))
        return { ...block, columns }
      },
      heldBlock: (step) => {
        const block = inStep(step, () => compileStep(step, compiling, relations))
        checkNames(outputNames(block.columns), dialect)
        if (!marks) return block
        const frame = planHash(step)
        return { ...block, columns: block.columns.map((column) => ({ ...column, frames: [...column.frames, frame] })) }
      },
    }
    return compiling
  }
  const block = compilingWith(dialect).block(plan)
  const names = outputNames(block.columns)
  return { sql: renderBlock(block), names, columns: block.columns, hoped: dialect.hope?.taken === true }
}

function compileStep(given: Plan, c: Compiling, relations: ReadonlyMap<string, Relation>): Block {
  const plan = expandTimeWindows(expandTexts(given))
  const at = plan.at
  const { dialect } = c
  checkPlaces(plan)
  switch (plan.op) {
    case 'read':
    case 'table':
    case 'rows':
    case 'range':
    case 'input':
    case 'sql': {
      const relation = relations.get(planHash(plan))
      if (relation) return leafBlock(relation, c.alias(), leafName(plan))
      throw new MillraceError(
        'FRAME_PLAN_INVALID',
        `the input ${'name' in plan ? `"${plan.name}"` : plan.op} is not bound`,
      )
    }
    case 'project':
      return project(c.heldBlock(plan.input), plan.columns, c, at)
    case 'filter': {
      const block = opened(c.heldBlock(plan.input), c)
      const conditions = compileFilter(plan.condition, block, c.context(block.columns, at))
      return { ...block, where: [...(block.where ?? []), ...conditions] }
    }
    case 'withColumns':
      return withColumns(c.heldBlock(plan.input), plan.columns, c, at)
    case 'drop': {
      const block = c.heldBlock(plan.input)
      const cut = isUncut(block) ? block : wrap(block, c.alias())
      const dropped = new Set(plan.columns.map((name) => name.toLowerCase()))
      const columns = cut.columns.filter((column) => !dropped.has(column.name.toLowerCase()))
      if (columns.length > 0) return { ...cut, columns }
      throw new MillraceError('FRAME_PLAN_INVALID', 'drop() leaves no column', at ? { at } : {})
    }
    case 'rename': {
      const names = new Map(Object.entries(plan.names).map(([from, to]) => [from.toLowerCase(), to]))
      const block = c.heldBlock(plan.input)
      const columns = block.columns.map((column) => ({
        ...column,
        name: names.get(column.name.toLowerCase()) ?? column.name,
      }))
      return { ...block, columns }
    }
    case 'aggregate':
      return compileAggregate(opened(c.heldBlock(plan.input), c), plan, c)
    case 'join':
      return compileJoin(plan, c)
    case 'sort': {
      const input = c.heldBlock(plan.input)
      const block = isOpen(input) && input.orderBy === undefined ? input : wrap(input, c.alias())
      const keys = plan.by.map((key) => compileSortKey(key, c.context(block.columns, at)))
      return { ...block, orderBy: keys.filter((key) => key !== undefined) }
    }
    case 'limit': {
      const input = c.heldBlock(plan.input)
      const block = input.limit === undefined && input.offset === undefined ? input : wrap(input, c.alias())
      return {
        ...block,
        ...(plan.count === undefined ? {} : { limit: plan.count }),
        ...(plan.offset === undefined ? {} : { offset: plan.offset }),
      }
    }
    case 'distinct': {
      if (plan.withinWatermark) throw ofStreams('dropDuplicatesWithinWatermark()', at)
      const input = c.block(plan.input)
      const block = isUncut(input) && input.orderBy === undefined ? input : wrap(input, c.alias())
      refuseMaps(
        plan.on === undefined
          ? block
          : {
              ...block,
              columns: block.columns.filter(({ name }) =>
                plan.on?.some((one) => one.toLowerCase() === name.toLowerCase()),
              ),
            },
        'distinct',
        at,
      )
      if (plan.on === undefined) return { ...block, distinct: true }
      const open = opened(block, c)
      return { ...open, distinct: plan.on.map((name) => lookUp(open.columns, name, dialect, undefined, at).sql) }
    }
    case 'set':
      return compileSet(plan, c)
    case 'alias': {
      // The text of the engine's own SQL may name it; a name that is taken stays the frame's alone, and a subquery's
      // must not hide the one of the query around it.
      const block = wrap(c.heldBlock(plan.input), c.aliasLike(plan.name))
      return { ...block, columns: block.columns.map((column) => ({ ...column, aliases: [plan.name] })) }
    }
    case 'sample': {
      if (!dialect.samples) {
        throw unsupported('sample()', dialect.engine, 'Filter by a remainder of a key: col("id").mod(10).eq(0).', at)
      }
      const input = c.block(plan.input)
      if (plan.replacement) return compileDraw(inOrder(opened(input, c), c), plan.seed, plan.fraction, c)
      if (plan.from !== undefined) return compileSplit(opened(input, c), plan.seed, plan.from, plan.fraction)
      const inner = renderBlock(input)
      const percent = trusted(String(plan.fraction * 100))
      const sampled = sql`(select * from (${inner}) using sample ${percent} percent (bernoulli, ${literal(plan.seed)}))`
      const block = wrap(input, c.alias())
      return { ...wrapText(sampled, block, c.alias()) }
    }
    case 'toDF': {
      const block = c.block(plan.input)
      if (block.columns.length !== plan.names.length) {
        throw new MillraceError(
          'FRAME_PLAN_INVALID',
          `toDF() names ${plan.names.length} columns of ${block.columns.length}`,
          { hint: `They are ${block.columns.map(({ name }) => name).join(', ')}.`, ...(at ? { at } : {}) },
        )
      }
      return {
        ...block,
        columns: block.columns.map((column, i) => ({ ...column, name: plan.names[i] ?? column.name })),
      }
    }
    case 'unpivot':
      return compileUnpivot(opened(c.block(plan.input), c), plan, c)
    case 'na':
      return compileMissing(opened(c.block(plan.input), c), plan, c)
    case 'summary':
      return compileSummary(opened(c.block(plan.input), c), plan, c)
    case 'cache':
      return c.heldBlock(plan.input)
    case 'engineSemantics':
      return c.own().block(plan.input)
    case 'watermark':
      return watermarked(c.heldBlock(plan.input), plan, c)
    case 'to':
      return compileTo(opened(c.block(plan.input), c), plan, c)
    case 'transpose':
      throw new MillraceError('INTERNAL', 'transpose() is computed before it is compiled')
    case 'index': {
      const block = inOrder(opened(c.heldBlock(plan.input), c), c)
      const ref = sql`cast(row_number() over () - 1 as bigint)`
      return {
        ...block,
        columns: [
          ...block.columns,
          { name: plan.name, ref, direct: false, type: { kind: 'long' }, aliases: [], frames: [] },
        ],
      }
    }
    default:
      return unreachable(plan)
  }
}

function wrapText(text: Sql, like: Block, alias: string): Block {
  const names = outputNames(like.columns)
  return {
    from: sql`${text} as ${id(alias)}`,
    columns: like.columns.map((column, i) => ({ ...column, ref: sql`${id(alias)}.${id(names[i] ?? column.name)}` })),
  }
}

/** What a leaf is called where its columns are told from others. */
function leafName(leaf: Leaf): string {
  const at = leaf.at ? ` (${formatPlace(leaf.at)})` : ''
  switch (leaf.op) {
    case 'read':
      return `${leaf.paths[0] ?? leaf.format}${at}`
    case 'table':
    case 'input':
      return `${leaf.name}${at}`
    case 'sql':
      return `sql()${at}`
    default:
      return `${leaf.op}${at}`
  }
}

function leafBlock(relation: Relation, alias: string, origin: string): Block {
  return {
    from: sql`${relation.sql} as ${id(alias)}`,
    columns: relation.schema.fields.map((field) => ({
      name: field.name,
      ref: sql`${id(alias)}.${id(field.name)}`,
      direct: true,
      type: field.type,
      aliases: [],
      frames: [],
      origin,
    })),
  }
}

/** The block, or one around it, to which a filter or a computation may be added. */
function opened(block: Block, c: Compiling): Block {
  return isOpen(block) ? block : wrap(block, c.alias())
}

/** The block, or one around it, so that what is computed now sees the rows in their order. */
function inOrder(block: Block, c: Compiling): Block {
  return block.orderBy === undefined ? block : wrap(block, c.alias())
}

function project(input: Block, columns: readonly Expr[], c: Compiling, at: Place | undefined): Block {
  if (columns.some(isAggregate)) {
    return compileAggregate(opened(input, c), { groups: [], aggregates: columns, ...(at ? { at } : {}) }, c)
  }
  const { block, made } = generate(selectable(input, columns, c), columns, c, at)
  return { ...block, columns: columns.flatMap((column, i) => made.get(i) ?? computed(column, block.columns, c, at)) }
}

/** A watermark is checked, and in a batch nothing else. */
function watermarked(block: Block, { column, at }: Extract<Plan, { op: 'watermark' }>, { dialect }: Compiling): Block {
  const { type } = lookUp(block.columns, column, dialect, undefined, at)
  if (type === undefined || type.kind === 'timestamp' || type.kind === 'timestamp_ntz') return block
  throw new MillraceError('COLUMN_TYPE', `withWatermark: the event time "${column}" is ${formatType(type)}`, {
    hint: "It must be a timestamp: convert it first, by toTimestamp('…').",
    ...(at ? { at } : {}),
  })
}

function ofStreams(what: string, at: Place | undefined): MillraceError {
  return new MillraceError('FRAME_PLAN_INVALID', `${what} is of streams, and this frame is computed as a batch`, {
    hint: 'Use dropDuplicates() in a batch.',
    ...(at ? { at } : {}),
  })
}

function withColumns(
  input: Block,
  added: readonly { readonly name: string; readonly expr: Expr }[],
  c: Compiling,
  at: Place | undefined,
): Block {
  const named = added.map(({ name, expr }): Expr => ({ kind: 'alias', arg: expr, name }))
  const { block, made } = generate(extended(input, named, c), named, c, at)
  const columns = [...block.columns]
  for (const [place, { name, expr }] of added.entries()) {
    const [column] = made.get(place) ?? computed({ kind: 'alias', arg: expr, name }, block.columns, c, at)
    if (column === undefined) continue
    const i = columns.findIndex((one) => one.name.toLowerCase() === name.toLowerCase())
    if (i >= 0) columns[i] = column
    else columns.push(column)
  }
  return { ...block, columns }
}

/** PostgreSQL would cut longer names without a word. */
function checkNames(names: readonly string[], dialect: FrameDialect): void {
  const long = names.find((name) => Buffer.byteLength(name) > dialect.nameBytes)
  if (long === undefined) return
  throw new MillraceError('ENGINE_UNSUPPORTED', `the column "${long}" has too long a name for ${dialect.engine}`, {
    hint: `Names have up to ${dialect.nameBytes} bytes: give it a shorter one with .as("…").`,
  })
}
