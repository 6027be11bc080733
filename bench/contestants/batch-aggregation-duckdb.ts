// The same by hand: one statement of DuckDB. Arguments: input, output.
import { mkdirSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [input = '', output = ''] = process.argv.slice(2)

mkdirSync(output, { recursive: true })
const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run(`
  copy (
    select user_id, product_id, sum(amount) as total_spent, count(*) as transaction_count
    from read_parquet('${input}/*.parquet') where date = '2024-03-01'
    group by user_id, product_id
  ) to '${output}/part-0.parquet' (format parquet, compression snappy)`)
