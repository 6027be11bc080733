import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column, operand } from '../column.ts'
import { postgresCast } from '../dialect/postgres-cast.ts'
import { type Call, define, everywhere, leading, nullary, type Template, type TemplateArgs } from './define.ts'
import { DOUBLE, RANK, SAME } from './result-type.ts'

const WINDOW = { kind: 'window' } as const
// Places are integers in Spark and longs in DuckDB.
const PLACE = { kind: 'window', finish: (place: Sql) => sql`cast(${place} as integer)` } as const

function placed(name: string) {
  return { duckdb: name, postgres: `cast(${name}$over as integer)` }
}

export const rowNumber = nullary('row_number', placed('row_number()'), RANK, PLACE)
/** The place in the order, with gaps after equals. */
export const rank = nullary('rank', placed('rank()'), RANK, PLACE)
/** The place in the order, without gaps. */
export const denseRank = nullary('dense_rank', placed('dense_rank()'), RANK, PLACE)
export const percentRank = nullary('percent_rank', everywhere('percent_rank()'), DOUBLE, WINDOW)
export const cumeDist = nullary('cume_dist', everywhere('cume_dist()'), DOUBLE, WINDOW)
/** The number of the bucket when the rows are dealt into `buckets` equal ones. */
export const ntile = Object.assign(
  (buckets: number): Column<number, string, never, unknown> =>
    new Column({ kind: 'call', fn: 'ntile', args: [operand(buckets)] }),
  { definition: define('ntile', { duckdb: 'ntile($1)', postgres: 'ntile(cast($1 as integer))' }, RANK, PLACE) },
)
/** The value `offset` rows before (1 when left out), or `otherwise` where there is none. */
export const lag = leading<[offset?: number, otherwise?: unknown]>()(
  'lag',
  { duckdb: (args) => shifted('lag', args), postgres: postgresShifted('lag') },
  SAME,
  WINDOW,
)
/** The value `offset` rows after (1 when left out), or `otherwise` where there is none. */
export const lead = leading<[offset?: number, otherwise?: unknown]>()(
  'lead',
  { duckdb: (args) => shifted('lead', args), postgres: postgresShifted('lead') },
  SAME,
  WINDOW,
)
export const nthValue = leading<[n: number]>()(
  'nth_value',
  { duckdb: 'nth_value($1, $2)', postgres: 'nth_value($1, cast($2 as integer))' },
  SAME,
  WINDOW,
)

function shifted(name: 'lag' | 'lead', args: TemplateArgs) {
  return sql`${trusted(name)}(${join(args.length > 1 ? args : [args[0], sql`1`])})`
}

function postgresShifted(name: 'lag' | 'lead'): Template {
  return ([of, offset, otherwise]: TemplateArgs, [type, , other], { over }: Call) => {
    const rows = offset === undefined ? sql`1` : sql`cast(${offset} as integer)`
    if (otherwise === undefined) return sql`${trusted(name)}(${of}, ${rows})${over}`
    const instead = type ? postgresCast({ sql: otherwise, type: other }, type, false) : otherwise
    return sql`${trusted(name)}(${of}, ${rows}, ${instead})${over}`
  }
}
