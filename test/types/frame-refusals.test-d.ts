import {
  array,
  avg,
  coalesce,
  col,
  concat,
  count,
  type Decimal,
  dateAdd,
  explode,
  type Frame,
  length,
  lit,
  lower,
  lpad,
  max,
  round,
  rowNumber,
  size,
  split,
  sqrt,
  sum,
  transform,
  upper,
  Window,
  when,
  year,
} from '../../src/data/frame/index.ts'

// Checked by `tsc`; nothing here runs. What must not compile, and beside it what Spark takes and so must.
interface Order {
  id: bigint
  n: number
  amount: Decimal
  ratio: number | null
  name: string
  day: string
  paid: boolean | null
  tags: string[]
  address: { city: string; zip: number; geo: { lat: number; lon: number } }
  lines: { sku: string; pieces: number }[]
  prices: Map<string, number>
  raw: Uint8Array
}
declare const orders: Frame<Order>
declare const users: Frame<{ id: bigint; city: string; paid: boolean }>

export function functions(): void {
  orders.agg(sum('n'), sum('id'), sum('amount'), avg('ratio'), max('name'), sum(col('n').plus('id')))
  // @ts-expect-error a sum of text
  orders.agg(sum('name'))
  // @ts-expect-error a sum of dates
  orders.agg(sum('day'))
  // @ts-expect-error a sum of truths
  orders.agg(sum('paid'))
  // @ts-expect-error a sum of lists
  orders.groupBy('name').agg(sum(col('tags')).as('total'))
  // @ts-expect-error a mean of text, deep inside
  orders.groupBy('day').agg(round(avg('name'), 2).as('mean'))
  // @ts-expect-error the columns of a group's own sum
  orders.groupBy('day').sum('name')
  orders.groupBy('day').sum('n', 'amount')
  orders.select(upper('name'), lower(col('day')), upper(lit('x')), upper(col('n').cast('string')), length('name'))
  // @ts-expect-error upper case of a number
  orders.select(upper('n'))
  // @ts-expect-error upper case of a number, said at once
  upper(lit(1))
  // @ts-expect-error upper case of a sum
  upper(col('n').plus(1))
  // @ts-expect-error upper case of a cast to a number
  upper(col('name').cast('int'))
  // @ts-expect-error a long is no text
  orders.select(split('id', ','))
  orders.select(lpad('n', 5, '0'), concat('name', 'n'), sqrt('name'))
  orders.select(year('day'), dateAdd('day', 1))
  // @ts-expect-error the year of a number
  orders.select(year('n'))
  orders.select(explode('tags'), size('tags'), size('prices'), explode('prices').as('a'))
  // @ts-expect-error a text has no elements
  orders.select(explode('name'))
  // @ts-expect-error the size of a number
  orders.select(transform('n', (x) => x))
  // @ts-expect-error the elements are text
  orders.select(transform('tags', (x) => upper(x.plus(1))).as('x'))
}

export function operators(): void {
  orders.filter(col('n').gt(1)).filter(col('n').gt(1n)).filter(col('id').eq(1)).filter(col('amount').lt(1.5))
  orders.filter(col('day').ge('2024-01-01')).filter(col('day').lt(new Date())).filter(col('name').eq('a'))
  orders
    .filter(col('n').eq('1'))
    .filter(col('amount').eq('1.50'))
    .filter(col('n').eq(col('id')))
  orders
    .filter(col('ratio').eq(null))
    .filter(col('n').isin(1, 2, 3))
    .filter(col('n').isin([1, 2n]))
  // @ts-expect-error a number and an object
  orders.filter(col('n').eq({ a: 1 }))
  // @ts-expect-error a number and a list
  orders.filter(col('n').eq([1, 2]))
  // @ts-expect-error a number and a truth
  orders.filter(col('n').gt(true))
  // @ts-expect-error a list and a number
  orders.filter(col('tags').eq(1))
  // @ts-expect-error a constant and an object
  lit(1).eq({ a: 1 })
  // @ts-expect-error a number among truths
  orders.filter(col('n').isin(true, false))
  // @ts-expect-error a number among lists
  orders.filter(col('n').between({ a: 1 }, { a: 2 }))
  orders.select(col('n').plus(1), col('id').multiply('n'), col('day').plus(1), col('name').plus(1).as('x'))
  // @ts-expect-error arithmetic of truths
  orders.select(col('paid').plus(1))
  // @ts-expect-error arithmetic of truths, on the other side
  orders.select(col('n').plus(col('paid')))
  // @ts-expect-error arithmetic with a constant truth
  col('n').plus(true)
  // @ts-expect-error arithmetic of a condition
  col('n').gt(1).plus(1)
  // @ts-expect-error arithmetic of lists
  orders.select(col('tags').multiply(2).as('x'))
  // @ts-expect-error the opposite of a text
  orders.select(col('name').neg().as('x'))
  // @ts-expect-error a pattern on a number
  orders.filter(col('n').like('1%'))
  orders.filter(col('name').like('a%').and(col('paid')).or(col('paid').not()))
  // @ts-expect-error a number as a condition
  orders.filter(col('name').like('a%').and(col('n')))
  // @ts-expect-error not of a number
  orders.filter(col('n').not())
}

export function conditions(): void {
  orders.filter(col('paid')).filter('n > 1').filter(lit(true)).where(col('n').isNull())
  // @ts-expect-error a number
  orders.filter(col('n'))
  // @ts-expect-error a text
  orders.where(col('name'))
  // @ts-expect-error a sum
  orders.filter(col('n').plus(1))
  // @ts-expect-error a constant
  orders.filter(lit(1))
  // @ts-expect-error a number as the condition of a branch
  orders.select(when(col('n'), 1).otherwise(2).as('x'))
  orders.select(when(col('paid'), 1).when(col('n').gt(1), 2).otherwise(3).as('x'))
}

export function names(): void {
  // @ts-expect-error there is no such column
  orders.select('nam')
  // @ts-expect-error there is no such column inside
  orders.select(coalesce('ratio', col('rati')))
  // @ts-expect-error there is no such column on the right of an operator
  orders.filter(col('n').gt(col('m')))
  // @ts-expect-error there is no such column in a window
  orders.withColumn('x', rowNumber().over(Window.partitionBy('nam').orderBy('day')))
  // @ts-expect-error there is no such column in the order
  orders.withColumn('x', rowNumber().over(Window.partitionBy('name').orderBy(col('dy').desc())))
  orders.withColumn('x', rowNumber().over(Window.partitionBy('name').orderBy(col('day').desc())))
  // @ts-expect-error there is no such column to sort by
  orders.orderBy(col('nam').desc())
  // @ts-expect-error there is no such member
  orders.select(col('address.citty'))
  // @ts-expect-error there is no such member in a function
  orders.select(upper(col('address.citty')))
  // @ts-expect-error there is no such member by getField
  orders.select(col('address').getField('citty'))
  // @ts-expect-error a member that is a number
  orders.select(upper('address.zip'))
  orders.select('address.city', col('address.geo.lat'), upper('address.city'), col('address').getField('city'))
  // @ts-expect-error there is no such column to fill
  orders.fillna({ nam: 'x' })
  // @ts-expect-error a number is not filled with a list
  orders.fillna({ n: [1] })
  // @ts-expect-error there is no such column to look at
  orders.dropna(['nam'])
  // @ts-expect-error there is no such column to rename
  orders.withColumnsRenamed({ nam: 'x' })
  // @ts-expect-error there is no such column to add up
  orders.agg({ nam: 'sum' })
  // @ts-expect-error there is no such column to turn
  orders.groupBy('day').pivot('nam', ['a'])
  // @ts-expect-error there is no such column to unpivot
  orders.unpivot('id', ['n', 'm'], 'k', 'v')
}

export function joins(): void {
  users.alias('u').join(orders.alias('o'), col('u.id').eq(col('o.id')))
  users.join(orders, users.col('id').eq(orders.col('id')), 'left')
  // @ts-expect-error neither frame has the column
  users.join(orders, col('id').eq(col('idd')))
  // @ts-expect-error a number is no condition
  users.join(orders, lit(1))
  // @ts-expect-error a truth is no number
  users.join(orders, col('paid').plus(1).eq(col('n')))
}

/** A function of one's own over any frame that has a column. */
export function generic<R extends { day: string; n: number }>(frame: Frame<R>) {
  return frame.filter(col('day').gt('2024-01-01')).withColumn('year', year('day'))
}
export const applied = generic(orders).select('year', 'name')

export function untyped(frame: Frame): void {
  frame.filter(col('a')).select(sum('b'), upper('c'), col('d').plus('e'), 'f.g', array('a'))
  frame.groupBy('a').agg(count().as('n')).filter(col('n').gt(1))
  const typed: Frame = orders
  typed.select('anything')
}
