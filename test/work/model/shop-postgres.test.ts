import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { type DataType, parseType } from '../../../src/base/kernel/index.ts'
import { id, literal, sql, trusted } from '../../../src/base/sql/index.ts'
import type { EngineConnection } from '../../../src/data/engine/index.ts'
import { runDbt } from '../../../src/work/model/index.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { dbtFolder } from './dbt-folder.ts'
import { postgresFolder } from './postgres-folder.ts'

const shop = fileURLToPath(new URL('../../../examples/shop', import.meta.url))

// The lake's tables as DuckDB reads them, with the types PostgreSQL gives them.
const RAW = {
  orders: {
    from: `read_csv('${shop}/data/orders/*.csv', ignore_errors = true, columns = {order_id: 'bigint', customer_id: 'bigint', product_id: 'bigint', quantity: 'int', order_date: 'date', status: 'varchar', total_amount: 'decimal(10,2)', currency: 'varchar', created_at: 'timestamp', updated_at: 'timestamp'})`,
    columns:
      'order_id bigint, customer_id bigint, product_id bigint, quantity int, order_date date, status text, total_amount numeric(10,2), currency text, created_at timestamp, updated_at timestamp',
  },
  customers: {
    from: `(select customer_id::bigint as customer_id, first_name, last_name, email, country, created_at::timestamp as created_at from read_json('${shop}/data/customers/*.ndjson'))`,
    columns: 'customer_id bigint, first_name text, last_name text, email text, country text, created_at timestamp',
  },
  products: {
    from: `(select product_id::bigint as product_id, product_name, category, price::decimal(10,2) as price from '${shop}/data/products/*.parquet')`,
    columns: 'product_id bigint, product_name text, category text, price numeric(10,2)',
  },
} as const

const TABLES = {
  stg_orders: 'order_id, customer_id, order_date::text, status, round(amount_usd, 3)::text',
  stg_customers: 'customer_id, customer_name, email, country, created_at::text',
  stg_products: 'product_id, product_name, category, price::text',
  fct_daily_revenue: 'order_date::text, country, orders, customers, revenue_usd::text',
  dim_customers: 'customer_id, customer_name, orders, lifetime_usd::text, last_order_date::text, is_vip',
}

test.skipIf(!hasPostgres)(
  `the models of examples/shop give the same tables on PostgreSQL (${POSTGRES_HINT})`,
  async () => {
    const [duckdb, postgres] = [await dbtFolder({}), await postgresFolder({})]
    const dir = mkdtempSync(join(tmpdir(), 'millrace-shop-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    await using from = await duckdb.engine.connect()
    await using to = await postgres.engine.connect()
    await duckdb.script('create schema raw')
    await postgres.script('create schema raw')
    for (const [name, { from: source, columns }] of Object.entries(RAW)) {
      await from.execute(sql`create table raw.${id(name)} as select * from ${trusted(source)}`)
      const file = join(dir, `${name}.csv`)
      await from.execute(sql`copy raw.${id(name)} to ${literal(file)} (format csv, header false, force_quote *)`)
      await to.execute(sql`create table raw.${id(name)} (${trusted(columns)})`)
      await load(to, name, columns, file)
    }
    for (const { engine } of [duckdb, postgres]) {
      for (const _ of ['first', 'incremental']) {
        const run = await runDbt(
          'build',
          {},
          {
            dir: shop,
            connect: () => engine.connect(),
            dialect: engine.dialect,
            database: engine.database,
            schema: engine === duckdb.engine ? 'main' : 'public',
            artifacts: false,
          },
        )
        expect(run.results.flatMap(({ error }) => error ?? [])).toEqual([])
        expect(run.exitCode).toBe(0)
      }
    }
    for (const [table, columns] of Object.entries(TABLES)) {
      const query = `select ${columns} from ${table}`
      const [one, other] = [await duckdb.rows(query), await postgres.rows(query)]
      expect(one.length).toBeGreaterThan(0)
      expect(other.sort()).toEqual(one.sort())
    }
  },
  60_000,
)

async function load(on: EngineConnection, name: string, columns: string, file: string): Promise<void> {
  const string: DataType = parseType('string')
  const fields = columns
    .split(/, (?=[a-z])/)
    .map((column) => ({ name: column.split(' ')[0] ?? '', type: string, nullable: true }))
  await on.engine.bulk?.load(sql`raw.${id(name)}`, { fields }, createReadStream(file), on)
}
