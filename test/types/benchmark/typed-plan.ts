/** A step of a generated plan, as the text of a method call; `i` makes the names of what it adds. */
const STEPS: readonly ((i: number) => string)[] = [
  (i) => `.filter(col('amount').gt(${i}).and(col('name').like('a%')))`,
  (i) => `.withColumn('c${i}', col('n').plus(${i}).multiply('ratio'))`,
  (i) => `.withColumn('t${i}', upper(concat('name', lit('-${i}'))))`,
  (i) => `.join(users.select('id', col('city').as('city${i}')), 'id', 'left')`,
  (i) => `.withColumn('k${i}', when(col('paid'), 1).when(col('n').gt(${i}), 2).otherwise(3))`,
  (i) => `.withColumnRenamed('t${i - 3}', 'r${i}')`,
  (i) => `.withColumn('w${i}', sum('amount').over(Window.partitionBy('day').orderBy(col('n').desc())))`,
  (i) => `.drop('w${i - 1}')`,
  (i) => `.withColumns({ a${i}: year('day'), b${i}: col('address.city'), d${i}: coalesce('ratio', lit(0)) })`,
  (i) => `.select('id', 'name', 'n', 'ratio', 'amount', 'day', 'paid', 'address', col('n').cast('bigint').as('s${i}'))`,
  (i) => `.orderBy(col('amount').desc(), 's${i - 1}')`,
  (i) =>
    `.groupBy('id', 'name', 'day', 'paid', 'address', 'n', 'ratio').agg(sum('amount').as('amount'), count().as('g${i}'))`,
]

/** The text of a program with a typed plan of so many operators. */
export function typedPlan(operators: number, from = 'millrace/frame', steps = STEPS): string {
  const calls = Array.from({ length: operators }, (_, i) => `  ${steps[i % steps.length]?.(i) ?? ''}`)
  return `import { coalesce, col, concat, count, type Decimal, type Frame, lit, sum, upper, Window, when, year } from '${from}'

interface Order {
  id: bigint
  name: string
  n: number
  ratio: number | null
  amount: Decimal
  day: string
  paid: boolean | null
  address: { city: string; zip: number }
${Array.from({ length: 20 }, (_, i) => `  more${i}: ${['string', 'number', 'bigint | null'][i % 3]}`).join('\n')}
}
declare const orders: Frame<Order>
declare const users: Frame<{ id: bigint; city: string }>

export const plan = orders
${calls.join('\n')}
export const rows = plan.collect()
`
}

/** Plans of one kind of step only: each makes rows out of rows in its own way, as often as it can be written. */
export const KINDS: Readonly<Record<string, readonly ((i: number) => string)[]>> = {
  withColumn: [(i) => `.withColumn('c${i}', col('${i === 0 ? 'n' : `c${i - 1}`}').plus(1))`],
  withColumns: [
    (i) => `.withColumns({ a${i}: year('day'), b${i}: col('address.city'), d${i}: coalesce('ratio', lit(0)) })`,
  ],
  join: [(i) => `.join(users.select('id', col('city').as('city${i}')), 'id', 'left')`],
  crossJoin: [(i) => `.crossJoin(users.select(col('city').as('city${i}')))`],
  rename: [(i) => `.withColumnRenamed('${i === 0 ? 'n' : `r${i - 1}`}', 'r${i}')`],
  drop: [(i) => `.withColumn('x${i}', col('n').plus(1))`, (i) => `.drop('x${i - 1}')`],
  fill: [() => '.fillna(0)', () => `.dropna(['ratio'])`],
  union: [() => '.union(orders).unionByName(orders)'],
  groupBy: [(i) => `.groupBy('id', 'name', 'n', 'ratio', 'day').agg(sum('n').as('g${i}'), count().as('c${i}'))`],
  select: [(i) => `.select('*', col('n').plus(1).as('s${i}'))`],
  filter: [(i) => `.filter(col('amount').gt(${i}).and(col('name').like('a%')))`],
  window: [(i) => `.withColumn('w${i}', sum('amount').over(Window.partitionBy('day').orderBy(col('n').desc())))`],
}
