// The suite over a Parquet file. Arguments: input, suite, output (a JSON list of verdicts).
import { writeFile } from 'node:fs/promises'
import { literal, sql } from '../../src/base/sql/index.ts'
import { openDuckDb } from '../../src/data/engine/index.ts'
import { readSuite, validate } from '../../src/work/quality/index.ts'

const [input = '', suite = '', output = ''] = process.argv.slice(2)

await using engine = await openDuckDb()
await using connection = await engine.connect()
const relation = sql`read_parquet(${literal(input)})`
const { results } = await validate({ connection, relation, suite: await readSuite(suite) })
await writeFile(
  output,
  JSON.stringify(results.map(({ success, result }) => [success, result.unexpected_count ?? null])),
)
