// Plans of 100 operators compiled to SQL, against the built package; building them is not timed. Arguments: how often,
// the file of results.
import { writeFileSync } from 'node:fs'
import { openDuckDb } from 'millrace/engine'
import { col, compile, count, createDataFrame, type Frame, parseSchema, rank, sum, Window, when } from 'millrace/frame'

const [times = '', output = ''] = process.argv.slice(2)
const COLUMNS = 'id bigint, region string, amount double, units bigint'
const base = createDataFrame([], COLUMNS) as Frame

await using engine = await openDuckDb()
const schema = parseSchema(COLUMNS)
const relation = { sql: engine.files?.read([], schema, []) as never, schema }

/** 100 operators over the columns id, region, amount and units. */
function chain(step: (frame: Frame, i: number) => Frame): Frame {
  let frame = base
  for (let i = 0; i < 100; i += 1) frame = step(frame, i)
  return frame
}

const mixed = (frame: Frame, i: number): Frame =>
  [
    () => frame.filter(col('units').gt(-i)),
    () => frame.withColumn(`c${i}`, col('amount').multiply(i + 1)),
    () => frame.withColumn(`d${i}`, when(col('units').gt(i), col('amount')).otherwise(0)),
    () => frame.drop(`c${i - 2}`),
    () => frame.withColumnRenamed(`d${i - 2}`, `e${i}`),
  ][i % 5]?.() ?? frame

const PLANS: readonly (() => Frame)[] = [
  () => chain(mixed),
  () => chain((frame, i) => frame.filter(col('units').gt(-i))),
  () => chain((frame, i) => frame.withColumn(`c${i}`, col('amount').plus(i))),
  () => chain((frame) => frame.select('id', 'region', 'amount', col('units').plus(1).as('units'))),
  () => chain((frame, i) => frame.join(base.select('id', col('units').as(`u${i}`)), 'id') as Frame),
  () => chain((frame) => frame.groupBy('id', 'region').agg(sum('amount').as('amount'), count().as('units')) as Frame),
  () => chain((frame) => frame.union(base)),
  () => chain((frame, i) => frame.withColumn(`r${i}`, rank().over(Window.partitionBy('region').orderBy('id')))),
]

let [seconds, cpuSeconds] = [0, 0]
const pass = async () => {
  for (const plan of PLANS.map((make) => make().plan)) {
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    await compile(plan, { dialect: 'duckdb', resolve: async () => relation })
    const { user, system } = process.cpuUsage(cpu)
    seconds += (performance.now() - began) / 1000
    cpuSeconds += (user + system) / 1e6
  }
}
for (let i = 0; i < 5; i += 1) await pass()
;[seconds, cpuSeconds] = [0, 0]
for (let i = 0; i < Number(times); i += 1) await pass()
writeFileSync(output, JSON.stringify(PLANS.length))
console.log(`BENCH ${JSON.stringify({ seconds, cpuSeconds })}`)
