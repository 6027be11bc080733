import { MillraceError } from '../../base/kernel/index.ts'
import { type Expr, exprName } from './expr.ts'
import type { NamedExpr, Plan } from './plan.ts'
import type { FrameSession } from './session.ts'
import { columnExpr } from './written-expr.ts'

/** As many rows become columns at most; Spark's limit. */
const MOST_ROWS = 500
const [INDEX, PLACE, VALUE] = ['index', 'place', 'value'].map((name) => `__transpose_${name}`) as [
  string,
  string,
  string,
]

const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })
const quoted = (name: string): Expr => columnExpr(`\`${name.replaceAll('`', '``')}\``)

/**
 * A transpose as steps that know the columns it makes: one for each value of the index, found by a query of its own.
 * @throws MillraceError FRAME_PLAN_INVALID, COLUMN_TYPE
 */
export async function transposed(
  { input, index, at }: Extract<Plan, { op: 'transpose' }>,
  session: FrameSession,
): Promise<Plan> {
  const { prepared } = await import('./actions.ts')
  const place = at ? { at } : {}
  const names = await prepared(input, async ({ compiled }) => compiled.columns.map(({ name }) => name), session)
  const by = index ?? quoted(names[0] ?? '')
  const others = names.filter((name) => name.toLowerCase() !== exprName(by).toLowerCase())
  const keyed: Plan = { op: 'withColumns', input, columns: [{ name: INDEX, expr: by }], ...place }
  const there: Plan = { op: 'filter', input: keyed, condition: call('is_not_null', quoted(INDEX)) }
  const values = await indexValues(there, session)
  if (values.length > MOST_ROWS) {
    throw new MillraceError('FRAME_PLAN_INVALID', `transpose() finds more than ${MOST_ROWS} rows`, {
      hint: 'Filter or aggregate them first.',
      ...place,
    })
  }
  const order: Expr = { kind: 'over', fn: call('row_number'), partitionBy: [], orderBy: [quoted(INDEX)] }
  const placed: Plan = { op: 'withColumns', input: there, columns: [{ name: PLACE, expr: order }] }
  if (values.length === 0) return namesOnly(others)
  const rows = others.length > 0 ? cells(placed, others) : noCells(placed)
  const picked = values.map((_, i): Expr => {
    const when = call('eq', quoted(PLACE), { kind: 'literal', value: i + 1, type: { kind: 'integer' } })
    return {
      kind: 'alias',
      name: `c${i}`,
      arg: call('max_by', quoted(VALUE), { kind: 'case', branches: [{ when, value: quoted(PLACE) }] }),
    }
  })
  const grouped: Plan = { op: 'aggregate', input: rows, groups: [quoted('key')], aggregates: picked }
  return { op: 'toDF', input: grouped, names: ['key', ...values] }
}

async function indexValues(there: Plan, session: FrameSession): Promise<string[]> {
  const { prepared } = await import('./actions.ts')
  const text: Expr = { kind: 'alias', name: 'value', arg: { kind: 'cast', arg: quoted(INDEX), to: { kind: 'string' } } }
  const sorted: Plan = { op: 'sort', input: there, by: [quoted(INDEX)] }
  const first: Plan = { op: 'limit', input: { op: 'project', input: sorted, columns: [text] }, count: MOST_ROWS + 1 }
  return prepared(
    first,
    async ({ connection, compiled }) => {
      const rows = await connection.rows<{ value: string }>(compiled.sql)
      return rows.map((row) => row.value)
    },
    session,
  )
}

/** Without rows there are no columns but the names. */
function namesOnly(names: readonly string[]): Plan {
  const schema = { fields: [{ name: 'key', type: { kind: 'string' }, nullable: false }] } as const
  return { op: 'rows', schema, rows: names.map((name) => [name]) }
}

/** A row for each cell. */
function cells(input: Plan, names: readonly string[]): Plan {
  return { op: 'unpivot', input, ids: [quoted(PLACE)], values: names.map(quoted), variable: 'key', value: VALUE }
}

function noCells(input: Plan): Plan {
  const columns: NamedExpr[] = ['key', VALUE].map((name) => ({
    name,
    expr: { kind: 'literal', value: '', type: { kind: 'string' } },
  }))
  const none: Expr = { kind: 'literal', value: false, type: { kind: 'boolean' } }
  return { op: 'filter', input: { op: 'withColumns', input, columns }, condition: none }
}
