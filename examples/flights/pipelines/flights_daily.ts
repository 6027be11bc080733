import { avg, col, count, hour, pipeline, read, sum, toDate, when } from 'millrace'

/** What the airlines send for a day becomes that day of three tables; a day that is run again is replaced. */
export default pipeline(
  'flights_daily',
  {
    owner: 'data-team',
    schedule: '@daily',
    startDate: '2001-01-01',
    endDate: '2001-06-30',
    retries: 1,
    retryDelay: '5 seconds',
    tags: ['example'],
  },
  (task) => {
    const flights = task.frame('load_day', {
      into: { table: 'raw.flights_daily', mode: 'overwrite', partitionBy: 'date' },
      frame: ({ ds }) =>
        read.parquet(`lake://landing/day=${ds}`).withColumn('date', toDate('departed_at')).filter(col('date').eq(ds)),
    })
    const checked = task.validate('check_day', {
      data: flights,
      suite: 'flight_day',
      where: ({ ds }) => col('date').eq(ds),
    })
    const late = () => sum(when(col('delay').ge(15), 1).otherwise(0)).as('late')
    const airports = task.frame('airports_of_day', {
      inputs: { flights: checked },
      into: { table: 'daily.airports', mode: 'overwrite', partitionBy: 'date' },
      frame: ({ flights, ds }) =>
        flights
          .filter(col('date').eq(ds))
          .groupBy('date', 'origin')
          .agg(count().as('flights'), avg('delay').as('mean_delay'), late()),
    })
    task.frame('hours_of_day', {
      inputs: { flights: checked },
      into: { table: 'daily.hours', mode: 'overwrite', partitionBy: 'date' },
      frame: ({ flights, ds }) =>
        flights
          .filter(col('date').eq(ds))
          .withColumn('hour', hour('departed_at'))
          .groupBy('date', 'hour')
          .agg(count().as('flights'), avg('delay').as('mean_delay'), late()),
    })
    task.validate('check_airports', {
      data: airports,
      suite: 'airport_day',
      where: ({ ds }) => col('date').eq(ds),
    })
  },
)
