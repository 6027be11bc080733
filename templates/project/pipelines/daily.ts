import { col, count, pipeline, sum } from 'millrace'

export default pipeline(
  'daily',
  { schedule: '@daily', startDate: '2024-01-01', endDate: '2024-01-02', retries: 1 },
  (task) => {
    const raw = task.ingest('extract', { source: 'app', into: 'raw' })
    const checked = task.validate('check', { data: raw.dataset('orders'), suite: 'orders' })
    const totals = task.frame('totals', {
      inputs: { orders: checked },
      into: { parquet: 'lake://daily-totals', mode: 'overwrite', partitionBy: 'order_date' },
      frame: ({ orders, ds }) =>
        orders
          .filter(col('order_date').eq(ds))
          .groupBy('order_date')
          .agg(sum('amount').as('amount'), count().as('orders')),
    })
    task.dbt('models', { command: 'build' }).after(totals)
  },
)
