import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column, operand } from '../column.ts'
import { define, leading, nullary, type TemplateArgs } from './define.ts'
import { DOUBLE, RANK, SAME } from './result-type.ts'

const WINDOW = { kind: 'window' } as const
// Places are integers in Spark and longs in DuckDB.
const PLACE = { kind: 'window', finish: (place: Sql) => sql`cast(${place} as integer)` } as const

export const rowNumber = nullary('row_number', 'row_number()', RANK, PLACE)
/** The place in the order, with gaps after equals. */
export const rank = nullary('rank', 'rank()', RANK, PLACE)
/** The place in the order, without gaps. */
export const denseRank = nullary('dense_rank', 'dense_rank()', RANK, PLACE)
export const percentRank = nullary('percent_rank', 'percent_rank()', DOUBLE, WINDOW)
export const cumeDist = nullary('cume_dist', 'cume_dist()', DOUBLE, WINDOW)
/** The number of the bucket when the rows are dealt into `buckets` equal ones. */
export const ntile = Object.assign(
  (buckets: number): Column<number, string, never> =>
    new Column({ kind: 'call', fn: 'ntile', args: [operand(buckets)] }),
  { definition: define('ntile', 'ntile($1)', RANK, PLACE) },
)
/** The value `offset` rows before (1 when left out), or `otherwise` where there is none. */
export const lag = leading<[offset?: number, otherwise?: unknown]>()(
  'lag',
  (args) => shifted('lag', args),
  SAME,
  WINDOW,
)
/** The value `offset` rows after (1 when left out), or `otherwise` where there is none. */
export const lead = leading<[offset?: number, otherwise?: unknown]>()(
  'lead',
  (args) => shifted('lead', args),
  SAME,
  WINDOW,
)
export const nthValue = leading<[n: number]>()('nth_value', 'nth_value($1, $2)', SAME, WINDOW)

function shifted(name: 'lag' | 'lead', args: TemplateArgs) {
  return sql`${trusted(name)}(${join(args.length > 1 ? args : [args[0], sql`1`])})`
}
