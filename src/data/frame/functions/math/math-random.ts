import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, operand } from '../../column.ts'
import { define, everywhere, type Forms, onlyDuckDb, type TemplateArgs } from '../define.ts'
import { COMMON, DOUBLE, type ResultType, STRING } from '../result-type.ts'

// Numbers by chance are other ones at every run. Spark's follow a seed as long as its partitions stay the same; an
// engine without partitions has no such order, so a seed is taken and has no effect.

const NORMAL = 'sqrt(-2e0 * ln(1e0 - random())) * cos(2e0 * pi() * random())'

function random_<R>(fn: string, forms: Forms, result: ResultType<R>) {
  const build = (seed?: number): Column<R, string, never, unknown> =>
    new Column({ kind: 'call', fn, args: seed === undefined ? [] : [operand(seed)] })
  return Object.assign(build, { definition: define(fn, forms, result) })
}

/** A number from 0 to 1 by chance. The seed has no effect. */
export const rand = random_('rand', everywhere('random()'), DOUBLE)
/** The same as `rand`. */
export const random = random_('random', everywhere('random()'), DOUBLE)
/** A number of the standard normal distribution by chance. The seed has no effect. */
export const randn = random_('randn', everywhere(NORMAL), DOUBLE)

/** A number by chance from `min` on and below `max`, which are constants; whole when both are. The seed has no effect. */
export const uniform = Object.assign(
  (min: number | Column, max: number | Column, seed?: number | Column): Column<number | null, string, never, unknown> =>
    new Column({ kind: 'call', fn: 'uniform', args: [min, max, ...(seed === undefined ? [] : [seed])].map(operand) }),
  {
    definition: define(
      'uniform',
      onlyDuckDb(([min, max], [one, two], call) => {
        const name = { byte: 'tinyint', short: 'smallint', integer: 'integer', long: 'bigint', float: 'float' }[
          call.type?.kind as 'byte'
        ]
        const type = trusted(
          call.type?.kind === 'decimal' ? `decimal(${call.type.precision},${call.type.scale})` : (name ?? 'double'),
        )
        const drawn = sql`(${min} + random() * (cast(${max} as double) - ${min}))`
        const whole = [one, two].every((of) => ['byte', 'short', 'integer', 'long'].includes(of?.kind ?? ''))
        return sql`cast(${whole ? sql`trunc${drawn}` : drawn} as ${type})`
      }),
      { of: ([min, max]) => COMMON.of([min, max]) },
    ),
  },
)

/** A text of `length` letters and digits by chance. The seed has no effect. */
export const randstr = Object.assign(
  (length: number | Column, seed?: number | Column): Column<string | null, string, never, unknown> =>
    new Column({ kind: 'call', fn: 'randstr', args: [length, ...(seed === undefined ? [] : [seed])].map(operand) }),
  { definition: define('randstr', onlyDuckDb(text), STRING) },
)

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

function text([length]: TemplateArgs): Sql {
  return sql`array_to_string(list_transform(range(${length}), lambda i: substr(${trusted(`'${LETTERS}'`)}, 1 + cast(floor(random() * 62) as bigint), 1)), '')`
}
