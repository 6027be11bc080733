import { col, count, pipeline, sum } from 'millrace'

export default pipeline(
  'etl_pipeline',
  {
    owner: 'data-team',
    schedule: '@daily',
    startDate: '2024-01-01',
    endDate: '2024-02-29',
    timezone: 'UTC',
    catchup: false,
    dependsOnPast: false,
    retries: 2,
    retryDelay: '5 seconds',
    email: ['data@shop.example'],
    emailOnFailure: true,
    tags: ['production', 'etl'],
  },
  (task) => {
    const raw = task.ingest('extract_data', { source: 'shop', into: 'raw' })
    const checked = task.validate('validate_data', {
      data: raw.dataset('orders'),
      suite: 'orders',
      where: ({ ds }) => col('order_date').eq(ds),
    })
    const totals = task.frame('transform_data', {
      inputs: { orders: checked },
      into: { parquet: 'lake://batch-views/daily', mode: 'overwrite', partitionBy: 'date' },
      frame: ({ orders, ds }) =>
        orders
          .filter(col('order_date').eq(ds))
          .withColumn('date', col('order_date'))
          .withColumn('user_id', col('customer_id'))
          .groupBy('date', 'user_id', 'product_id')
          .agg(sum('total_amount').as('total_spent'), count().as('transaction_count')),
    })
    const load = task.sql('load_to_warehouse', { file: 'sql/load_orders.sql', inputs: { totals } })
    const marts = task.dbt('dbt_transformations', { select: 'staging+' }).after(load)
    task.checkpoint('quality_check', { checkpoint: 'marts' }).after(marts)
  },
)
