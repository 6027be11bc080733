import { col, count, pipeline, sum } from 'millrace'

/** The shop's orders straight from its database, where SHOP_DB_URL says that is. */
export default pipeline(
  'shop_db',
  { schedule: '@daily', startDate: '2024-01-01', endDate: '2024-02-29', catchup: false, retries: 2 },
  (task) => {
    const extracted = task.ingest('extract', { source: 'shop_db', into: 'shop_db' })
    const orders = task.validate('check', {
      data: extracted.dataset('orders'),
      suite: 'orders',
      where: ({ ds }) => col('order_date').eq(ds),
    })
    task.frame('totals', {
      inputs: { orders },
      into: { parquet: 'lake://shop-db-views/daily', mode: 'overwrite', partitionBy: 'date' },
      frame: ({ orders, ds }) =>
        orders
          .filter(col('order_date').eq(ds))
          .withColumn('date', col('order_date'))
          .groupBy('date', 'status')
          .agg(sum('total_amount').as('total'), count().as('orders')),
    })
  },
)
