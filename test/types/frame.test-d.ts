import { expectTypeOf } from 'expect-type'
import {
  avg,
  type Column,
  col,
  collectList,
  count,
  createDataFrame,
  currentDate,
  type Decimal,
  expr,
  type Frame,
  lit,
  read,
  sum,
  toDate,
  upper,
  when,
} from '../../src/data/frame/index.ts'

// Checked by `tsc`; nothing here runs.
interface Order {
  order_id: bigint
  user_id: number
  amount: Decimal
  score: number | null
  date: string
}
declare const orders: Frame<Order>
declare const users: Frame<{ user_id: number; name: string }>

/** The row type of a frame. */
type RowOf<F> = F extends Frame<infer R> ? R : never

export function types(): void {
  const selected = orders.select('user_id', col('amount').as('paid'), upper('date'), lit(1).as('one'))
  expectTypeOf<RowOf<typeof selected>>().toEqualTypeOf<{
    user_id: number
    paid: Decimal
    'upper(date)': string | null
    one: 1
  }>()

  const totals = orders
    .filter(col('date').eq(currentDate()))
    .groupBy('user_id')
    .agg(
      sum('amount').as('total'),
      sum('order_id').as('ids'),
      count().as('n'),
      avg('score').as('mean'),
      collectList('date').as('days'),
    )
  expectTypeOf<RowOf<typeof totals>>().toEqualTypeOf<{
    user_id: number
    total: Decimal
    ids: bigint
    n: bigint
    mean: number | null
    days: string[]
  }>()

  const more = orders.withColumn('day', toDate('date')).withColumn('amount', col('user_id')).drop('score', 'date')
  expectTypeOf<RowOf<typeof more>>().toEqualTypeOf<{
    order_id: bigint
    user_id: number
    amount: number
    day: string | null
  }>()

  const renamed = users.withColumnRenamed('name', 'who')
  expectTypeOf<RowOf<typeof renamed>>().toEqualTypeOf<{ user_id: number; who: string }>()

  const inner = users.join(orders.select('user_id', 'amount'), 'user_id')
  expectTypeOf<RowOf<typeof inner>>().toEqualTypeOf<{ user_id: number; name: string; amount: Decimal }>()
  const left = users.join(orders.select('user_id', 'amount'), 'user_id', 'left')
  expectTypeOf<RowOf<typeof left>>().toEqualTypeOf<{ user_id: number; name: string; amount: Decimal | null }>()
  const semi = users.join(orders, ['user_id'], 'semi')
  expectTypeOf<RowOf<typeof semi>>().toEqualTypeOf<{ user_id: number; name: string }>()

  const counted = orders.groupBy('date').count()
  expectTypeOf<RowOf<typeof counted>>().toEqualTypeOf<{ date: string; count: bigint }>()

  const given = createDataFrame([{ id: 1, name: 'a' }])
  expectTypeOf<RowOf<typeof given>>().toEqualTypeOf<{ id: number; name: string }>()
  expectTypeOf(given.collect()).resolves.toEqualTypeOf<{ id: number; name: string }[]>()

  const branches = orders.select(when(col('user_id').gt(1), 'many').otherwise('one').as('kind'))
  expectTypeOf<RowOf<typeof branches>['kind']>().toEqualTypeOf<'many' | 'one'>()
}

export function typos(): void {
  // @ts-expect-error there is no such column
  orders.select('user_idd')
  // @ts-expect-error there is no such column
  orders.filter(col('user_idd').eq(1))
  // @ts-expect-error there is no such column in the aggregate
  orders.groupBy('date').agg(sum('amuont').as('total'))
  // @ts-expect-error there is no such column deep inside
  orders.withColumn('x', upper(col('date')).eq(col('dat')))
  // @ts-expect-error the column was dropped
  orders.drop('date').select('date')
  // @ts-expect-error both frames must have the column
  users.join(orders, 'name')
  // @ts-expect-error it is no kind of join
  users.join(orders, 'user_id', 'sideways')
}

export function untyped(): void {
  const frame = read.parquet('x')
  // Without a row type every name is allowed, and values are any.
  const rows = frame.filter(col('anything').gt(1)).select('a', col('b').as('c'), expr('d + 1').as('e')).collect()
  // biome-ignore lint/suspicious/noExplicitAny: this is what is claimed
  expectTypeOf(rows).resolves.toEqualTypeOf<{ a: any; c: any; e: any }[]>()
  const names: string[] = ['a', 'b']
  const chosen = frame.select(...names)
  expectTypeOf<RowOf<typeof chosen>['whatever']>().toBeAny()
  const star = frame.select('data.*')
  expectTypeOf<RowOf<typeof star>['whatever']>().toBeAny()
  // A frame or column of unknown type fits where a typed one is wanted.
  const condition: Column = col('x').eq(1)
  orders.filter(condition)
  const given: Frame = orders as unknown as Frame
  given.select('x')
}
