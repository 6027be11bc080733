import { avg, col, count, max, pipeline } from 'millrace'

export default pipeline('flights', { owner: 'data-team', retries: 1, tags: ['example'] }, (task) => {
  const raw = task.ingest('load_flights', { source: 'aviation', into: 'raw' })
  const checked = task.validate('check_flights', { data: raw.dataset('flights'), suite: 'flights' })
  const monthly = task.frame('monthly_delays', {
    inputs: { flights: checked },
    into: { parquet: 'lake://batch-views/monthly', mode: 'overwrite', partitionBy: 'month' },
    frame: ({ flights }) =>
      flights
        .filter(col('delay').between(-120, 1800))
        .groupBy('month', 'origin')
        .agg(count().as('flights'), avg('delay').as('mean_delay'), max('delay').as('worst_delay')),
  })
  const marts = task.dbt('build_marts', { command: 'build' }).after(monthly)
  task.checkpoint('check_marts', { checkpoint: 'marts' }).after(marts)
})
