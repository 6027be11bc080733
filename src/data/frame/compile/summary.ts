import { MillraceError } from '../../../base/kernel/index.ts'
import { join, sql } from '../../../base/sql/index.ts'
import type { Expr } from '../expr.ts'
import type { Plan } from '../plan.ts'
import { compileAggregate } from './aggregate.ts'
import { type Block, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { lookUp } from './scope.ts'

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'hugeint', 'float', 'double', 'decimal'])
const STATISTICS = ['count', 'count_distinct', 'approx_count_distinct', 'mean', 'stddev', 'min', 'max']

/** Statistics of columns, a row each, as text: Spark's `describe` and `summary`. */
export function compileSummary(input: Block, plan: Extract<Plan, { op: 'summary' }>, c: Compiling): Block {
  const place = plan.at ? { at: plan.at } : {}
  for (const name of plan.columns ?? []) lookUp(input.columns, name, c.dialect, undefined, plan.at)
  const asked = plan.columns?.map((name) => name.toLowerCase())
  const rank = (name: string) => asked?.indexOf(name.toLowerCase()) ?? 0
  const columns = input.columns
    .filter(({ name, type }) => type && (NUMBERS.has(type.kind) || type.kind === 'string') && rank(name) >= 0)
    .sort((a, b) => rank(a.name) - rank(b.name))
  const aggregates = columns.flatMap(({ name, type }) =>
    plan.statistics.map((statistic): Expr => {
      const column: Expr = { kind: 'column', name: `\`${name.replaceAll('`', '``')}\`` }
      const value = statisticOf(statistic, column, type?.kind ?? '', place)
      return { kind: 'cast', arg: value, to: { kind: 'string' } }
    }),
  )
  const counted: Expr = { kind: 'call', fn: 'count', args: [] }
  const one = wrap(
    compileAggregate(input, { groups: [], aggregates: aggregates.length > 0 ? aggregates : [counted], ...place }, c),
    c.alias(),
  )
  const array = (items: readonly ReturnType<typeof sql>[]) =>
    c.dialect.strict ? sql`unnest(array[${join(items)}])` : sql`unnest([${join(items)}])`
  const made = { direct: false, aliases: [], frames: [], type: { kind: 'string' } as const }
  const names = plan.statistics.map((name) => c.dialect.literal(name, { kind: 'string' }))
  return wrap(
    {
      ...one,
      columns: [
        { ...made, name: 'summary', ref: array(names) },
        ...columns.map(({ name }, i) => {
          const from = i * plan.statistics.length
          return { ...made, name, ref: array(one.columns.slice(from, from + names.length).map(({ ref }) => ref)) }
        }),
      ],
    },
    c.alias(),
  )
}

function statisticOf(statistic: string, column: Expr, kind: string, place: object): Expr {
  const double: Expr = { kind: 'cast', arg: column, to: { kind: 'double' }, try: true }
  const number = kind === 'string' ? double : column
  const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(statistic)?.[1]
  if (percent !== undefined && Number(percent) <= 100) {
    return call('percentile_approx', kind === 'decimal' ? double : number, {
      kind: 'literal',
      value: Number(percent) / 100,
      type: { kind: 'double' },
    })
  }
  switch (statistic) {
    case 'count':
    case 'min':
    case 'max':
    case 'count_distinct':
    case 'approx_count_distinct':
      return call(statistic, column)
    case 'mean':
      return call('avg', number)
    case 'stddev':
      return call('stddev', number)
    default:
      throw new MillraceError('OPTION_INVALID', `"${statistic}" is not a statistic of summary()`, {
        hint: `Use ${STATISTICS.join(', ')}, or a percentile such as 25%.`,
        ...place,
      })
  }
}
