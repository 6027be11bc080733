// Runs a file of SQL statements in DuckDB. Arguments: database file, SQL file, then NAME=VALUE for its $NAMEs.
import { readFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'

const [database = '', file = '', ...values] = process.argv.slice(2)

const text = values.reduce(
  (sql, pair) => {
    const cut = pair.indexOf('=')
    return sql.replaceAll(`$${pair.slice(0, cut)}`, pair.slice(cut + 1))
  },
  readFileSync(file, 'utf8'),
)
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
const statements = await connection.extractStatements(text)
for (let index = 0; index < statements.count; index += 1) await (await statements.prepare(index)).run()
connection.closeSync()
instance.closeSync()
