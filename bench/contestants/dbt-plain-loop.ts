/** Runs the statements of a folder on a DuckDB file, in the order of their numbers: DATABASE FOLDER. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [database = '', folder = ''] = process.argv.slice(2)
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
const count = readdirSync(folder).length
for (let n = 0; n < count; n++) await connection.run(readFileSync(join(folder, `${n}.sql`), 'utf8'))
connection.closeSync()
instance.closeSync()
