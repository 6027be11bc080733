// Sorts computed rows and joins them with themselves under a memory limit: frame-spill.ts ROWS FOLDER [LIMIT [SPILL]].
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDuckDb } from 'millrace/engine'
import { col, count, expr, frameSession, max, range, read, sum, withSession } from 'millrace/frame'

const [rows = '1000000', folder = '.', memoryLimit = '1GB', spillLimit] = process.argv.slice(2)
const n = Number(rows)

await using engine = await openDuckDb({
  memoryLimit,
  threads: 2,
  tempDirectory: join(folder, 'spill'),
  ...(spillLimit === undefined ? {} : { settings: { max_temp_directory_size: spillLimit } }),
})
const session = await frameSession({ engine, dir: folder })
await withSession(session, async () => {
  // Wide rows whose keys come in no order; the multiplier has no factor in common with the modulus.
  const wide = range(n).select(
    expr('cast((id * 48271) % 2147483647 as bigint)').as('key'),
    col('id'),
    ...Array.from({ length: 7 }, (_, i) => expr(`md5(cast(id + ${i} as string))`).as(`text${i}`)),
  )
  await wide.orderBy('key', 'id').write.mode('overwrite').parquet('sorted')
  const sorted = read.parquet('sorted')
  const joined = sorted.join(wide.select('id', col('text6').as('other')), 'id')
  const [all] = await joined
    .agg(
      count().as('rows'),
      sum('id').as('ids'),
      sum(expr('case when text6 <> other then 1 else 0 end')).as('wrong'),
      // All columns go through the join.
      ...Array.from({ length: 6 }, (_, i) => max(`text${i}`).as(`text${i}`)),
    )
    .collect()
  const isWhole = Number(all?.rows) === n && BigInt(String(all?.ids)) === (BigInt(n) * BigInt(n - 1)) / 2n
  let previous = -1n
  let isSorted = true
  for await (const { key } of sorted.select('key').limit(Math.min(n, 1_000_000)).toIterator()) {
    isSorted &&= BigInt(String(key)) >= previous
    previous = BigInt(String(key))
  }
  const verdict = isWhole && Number(all?.wrong) === 0 && isSorted ? `${n} rows sorted and joined` : 'wrong'
  await writeFile(join(folder, 'verdict.txt'), `${verdict}\n`)
  if (verdict === 'wrong') process.exitCode = 1
})
