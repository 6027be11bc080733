import { Column, lit, Window, when } from '../../../../src/data/frame/index.ts'
import { AGGREGATE_SIGNATURES, SCALAR_SIGNATURES, type Signature, type Wanted } from './random-plan-functions.ts'
import { KINDS, type Kind, type KnownColumn, randomValue } from './random-plan-tables.ts'
import type { RandomSource } from './random-source.ts'

/** A column of a random expression, with its type where that is followed. */
export interface RandomColumn {
  readonly column: Column
  readonly kind: Kind | 'other'
}

const call = (fn: string, args: readonly Column[]) =>
  new Column({ kind: 'call', fn, args: args.map((arg) => arg.expr) })
/** How seldom an argument is of a type that does not belong there. */
const WRONG = 0.015

/** Whether values of the type can be sorted and grouped without a doubt. */
export const isOrdered = (kind: Kind | 'other'): boolean => kind !== 'other' && !kind.startsWith('map')

/** Random expressions over the columns of one frame. */
export class RandomExpressions {
  private readonly source: RandomSource
  private readonly columns: readonly KnownColumn[]

  constructor(source: RandomSource, columns: readonly KnownColumn[]) {
    this.source = source
    this.columns = columns
  }

  /** Any expression, mostly one over a column. */
  any(depth: number): RandomColumn {
    const signature = this.source.pick(SCALAR_SIGNATURES)
    return this.source.chance(0.7) ? this.called(signature, depth) : this.typed(this.present(KINDS), depth)
  }

  /** An expression of a type. */
  of(kind: Kind, depth: number): Column {
    return this.typed(kind, depth).column
  }

  condition(depth: number): Column {
    return this.of('boolean', Math.max(depth, 1))
  }

  /** An aggregate, or a little computed from aggregates. */
  aggregate(): RandomColumn {
    const { source } = this
    const collected = source.chance(0.06)
    if (collected) {
      const fn = source.pick(['collect_list', 'collect_set'])
      const kind = source.pick(['int', 'string'] as const)
      const list = call('sort_array', [call(fn, [this.of(kind, 0)]), lit(true)])
      return { column: list, kind: `array<${kind}>` }
    }
    const signature = source.pick(AGGREGATE_SIGNATURES)
    const made = this.called(signature, source.chance(0.3) ? 1 : 0)
    if (made.kind === 'bigint' && source.chance(0.1)) return { column: made.column.plus(1), kind: 'bigint' }
    return made
  }

  /** A function over a window whose answer the rows determine. */
  windowed(): RandomColumn {
    const { source } = this
    const keys = source.some(this.names(isOrdered), 0, 2)
    const partitioned = Window.partitionBy(...keys)
    const total = partitioned.orderBy(...this.totalOrder())
    if (source.chance(0.4)) {
      const fn = source.pick(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead', 'first', 'last', 'nth_value'])
      const kind = source.pick(['int', 'string', 'date', 'double'] as const)
      if (fn === 'lag' || fn === 'lead') {
        const args = [this.of(kind, 0), lit(source.whole(1, 2)), ...(source.chance(0.3) ? [this.literal(kind)] : [])]
        return { column: call(fn, args).over(total), kind }
      }
      if (fn === 'first' || fn === 'last') return { column: call(fn, [this.of(kind, 0)]).over(this.framed(total)), kind }
      if (fn === 'nth_value') return { column: call(fn, [this.of(kind, 0), lit(2)]).over(total), kind }
      if (fn === 'ntile') return { column: call(fn, [lit(source.whole(1, 3))]).over(total), kind: 'int' }
      return { column: call(fn, []).over(total), kind: fn === 'percent_rank' || fn === 'cume_dist' ? 'double' : 'int' }
    } // biome-ignore format: a list
    const { column, kind } = this.called(source.pick(AGGREGATE_SIGNATURES), 0)
    const numbers = this.names((one) => one === 'int' || one === 'bigint' || one === 'double')
    const window = source.weighted([
      [3, () => partitioned],
      [3, () => this.framed(total)],
      [2, () => total],
      ...(numbers.length > 0 ? [[3, () => this.ranged(partitioned.orderBy(source.pick(numbers)))] as const] : []),
    ])
    return { column: column.over(window()), kind }
  }

  /** Keys by which all rows but equal ones have an order. */
  totalOrder(): Column[] {
    const names = this.names(isOrdered)
    return this.source.some(names, names.length, names.length).map((name) => {
      const column = new Column({ kind: 'column', name: `\`${name}\`` })
      return this.source.pick([
        column.asc(),
        column.desc(),
        column.ascNullsLast(),
        column.descNullsFirst(),
        column.asc(),
      ])
    })
  }

  /** The names of the columns of some types. */
  names(fits: (kind: Kind | 'other') => boolean): string[] {
    return this.columns.filter(({ kind }) => fits(kind)).map(({ name }) => name)
  }

  private framed(window: ReturnType<typeof Window.partitionBy>) {
    const start = this.source.pick([Window.unboundedPreceding, -2, -1, 0])
    const end = this.source.pick([Window.unboundedFollowing, 0, 1, 2])
    return this.source.chance(0.7) ? window.rowsBetween(start, end) : window
  }

  private ranged(window: ReturnType<typeof Window.partitionBy>) {
    const start = this.source.pick([Window.unboundedPreceding, -10, -1, 0])
    const end = this.source.pick([Window.unboundedFollowing, 0, 1, 10])
    return this.source.chance(0.7) ? window.rangeBetween(start, end) : window
  }

  private typed(kind: Kind, depth: number): RandomColumn {
    const { source } = this
    const names = this.names((one) => one === kind)
    const simple = (): Column =>
      names.length > 0 && source.chance(0.85)
        ? new Column({ kind: 'column', name: `\`${source.pick(names)}\`` })
        : this.literal(kind)
    if (depth <= 0) return { column: names.length === 0 && source.chance(0.5) ? this.converted(kind) : simple(), kind }
    const makes = SCALAR_SIGNATURES.filter(
      (one) => one.result === kind || (one.result === 'first' && allows(one.args[0], kind)),
    )
    const made = source.weighted<() => Column>([
      [3, simple],
      [makes.length > 0 ? 7 : 0, () => this.called(source.pick(makes), depth, kind).column],
      [1, () => when(this.condition(depth - 1), this.of(kind, depth - 1)).otherwise(this.of(kind, depth - 1))],
      [0.4, () => when(this.condition(depth - 1), this.of(kind, depth - 1))],
      [1, () => this.casted(kind, depth - 1)],
    ]) // biome-ignore format: a table
    return { column: made(), kind }
  }

  /** A column of another type, made one of this type. */
  private converted(to: Kind): Column {
    const from = this.columns.filter(({ kind }) => kind !== to && (CASTS[to] ?? []).includes(kind))
    if (from.length === 0) return this.literal(to)
    const { name, kind } = this.source.pick(from)
    const column = new Column({ kind: 'column', name: `\`${name}\`` })
    return kind === 'string' && this.source.chance(0.9) ? column.tryCast(to) : column.cast(to)
  }

  private casted(to: Kind, depth: number): Column {
    const from = this.source.pick(this.source.chance(0.5) ? CASTS_TO_ALL : KINDS)
    const value = this.of(from, depth)
    // Most texts are no numbers and no dates, and a plan that both refuse shows little.
    return this.source.chance(from === 'string' ? 0.9 : 0.4) ? value.tryCast(to) : value.cast(to)
  }

  private called({ fn, args, result }: Signature, depth: number, wanted?: Kind): RandomColumn {
    const { source } = this
    let first: Kind | undefined = result === 'first' ? wanted : undefined
    const given = args.map((arg, i) => {
      if (arg.of === 'constant') return lit(source.pick(arg.values))
      const right = arg.of === 'first' ? (first ?? 'int') : i === 0 && first ? first : this.present(arg.kinds)
      if (i === 0) first = right
      const value = this.of(source.chance(WRONG) ? source.pick(KINDS) : right, depth - 1)
      if (arg.of !== 'kinds' || hasColumn(value.expr)) return value
      // Spark computes constants before there are rows, and users write few.
      const again = this.of(right, depth - 1)
      return hasColumn(again.expr) ? again : this.converted(right)
    })
    return { column: call(fn, given), kind: result === 'first' ? (first ?? 'other') : result }
  }

  /** One of the types, mostly one that a column has. */
  private present(kinds: readonly Kind[]): Kind {
    const here = this.columns.map(({ kind }) => kind).filter((kind) => kinds.includes(kind))
    return this.source.pick(here.length > 0 && this.source.chance(0.85) ? here : kinds)
  }

  literal(kind: Kind): Column {
    const value = randomValue(kind, this.source, 0.1)
    if (value === null) return lit(null).cast(kind)
    if (kind === 'int' || kind === 'bigint' || kind === 'double' || kind === 'string' || kind === 'boolean')
      return lit(value as number)
    if (kind === 'array<int>' || kind === 'array<string>') return lit(value as string[]).cast(kind)
    if (kind === 'struct<p:int,q:string>') {
      const { p, q } = value as { p: number | null; q: string | null }
      return call('struct', [lit(p).cast('int').as('p'), lit(q).cast('string').as('q')])
    }
    if (kind === 'map<string,int>') return lit(null).cast(kind)
    return kind === 'binary' ? lit(String(value)).cast('binary') : lit(String(value)).cast(kind)
  }
}

function hasColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return ('kind' in value && value.kind === 'column') || Object.values(value).some(hasColumn)
}

const NUMBERS: readonly Kind[] = ['int', 'bigint', 'smallint', 'tinyint', 'double', 'float', 'decimal(10,2)']
/** Types from which columns are converted where none is of the type that is wanted. */
const CASTS: Partial<Record<Kind, readonly Kind[]>> = {
  int: [...NUMBERS, 'string', 'boolean'],
  bigint: [...NUMBERS, 'timestamp'],
  double: [...NUMBERS, 'string'],
  smallint: ['tinyint', 'boolean'],
  'decimal(10,2)': [...NUMBERS, 'string'],
  string: [...NUMBERS, 'date', 'timestamp', 'timestamp_ntz', 'boolean', 'binary', 'array<int>', 'struct<p:int,q:string>'],
  boolean: ['int', 'double', 'string'],
  date: ['timestamp', 'timestamp_ntz', 'string'],
  timestamp: ['date', 'timestamp_ntz', 'string'],
  timestamp_ntz: ['date', 'timestamp'],
  binary: ['string'],
} // biome-ignore format: a table
const CASTS_TO_ALL: readonly Kind[] = ['string', 'int', 'double', 'decimal(10,2)', 'timestamp']

function allows(arg: Wanted | undefined, kind: Kind): boolean {
  return arg?.of === 'kinds' && arg.kinds.includes(kind)
}
