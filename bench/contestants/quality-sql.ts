// The twelve checks of bench quality as SQL by hand. Arguments: input, suite (not read), output (a JSON list of verdicts).
import { writeFile } from 'node:fs/promises'
import { DuckDBInstance } from '@duckdb/node-api'

const [input = '', , output = ''] = process.argv.slice(2)
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const from = `from read_parquet('${input}')`
const numbers = async (query: string) =>
  ((await connection.runAndReadAll(query)).getRows()[0] ?? []).map((value) => Number(value))

// One fused scan, and a scan each for what has to be held: tried against one statement and against four.
const [rows = 0, id = 0, email = 0, created = 0, amount = 0, quantity = 0, country = 0, code = 0, price = 0] =
  await numbers(`select count(*), count(*) - count(id), count(*) - count(email), count(*) - count(created_at),
    count(*) filter (where not (amount between 0 and 9000)), count(*) filter (where not (quantity between 1 and 50)),
    count(*) filter (where country not in ('AT', 'BR', 'DE', 'ES', 'FR', 'IT', 'JP', 'US')),
    count(*) filter (where not regexp_matches(code, '^[A-F0-9]{8}$')), avg(price) ${from}`)
const [ids = 0] = await numbers(`select count(distinct id) ${from}`)
const [users = 0] = await numbers(`select count(distinct user_id) ${from}`)
const names = (await connection.runAndReadAll(`describe select * ${from}`)).getRows().map(([name]) => String(name))
const expected = 'id user_id status amount code email country quantity price created_at day note'.split(' ')

await writeFile(
  output,
  JSON.stringify([
    [rows >= 1, null],
    [id === 0, id],
    [(rows - email) / rows >= 0.9, email],
    [created === 0, created],
    [ids === rows, rows - ids],
    [amount === 0, amount],
    [quantity === 0, quantity],
    [country === 0, country],
    [code === 0, code],
    [price >= 40 && price <= 60, null],
    [users >= 1 && users <= 2_000_000, null],
    [names.sort().join() === expected.sort().join(), null],
  ]),
)
