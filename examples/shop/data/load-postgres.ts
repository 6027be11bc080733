/**
 * Fills a PostgreSQL database with the shop's orders and customers, as the shop system would hold them: in the
 * schema `shop`, which is made anew. What does not fit the types is left out.
 *
 *   SHOP_DB_URL=postgresql://user:password@localhost/shop node data/load-postgres.ts
 */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Client } from 'pg'

const TABLES = {
  orders: {
    columns: `order_id bigint primary key, customer_id bigint not null, product_id bigint not null,
      quantity integer not null, order_date date not null, status text not null, total_amount numeric(10, 2),
      currency text not null, created_at timestamp not null, updated_at timestamp not null`,
    rows: `read_csv('${folder('orders')}/*.csv', ignore_errors = true, columns = {order_id: 'BIGINT',
      customer_id: 'BIGINT', product_id: 'BIGINT', quantity: 'INTEGER', order_date: 'DATE', status: 'VARCHAR',
      total_amount: 'DECIMAL(10, 2)', currency: 'VARCHAR', created_at: 'TIMESTAMP', updated_at: 'TIMESTAMP'})`,
  },
  customers: {
    columns: `customer_id bigint primary key, first_name text not null, last_name text not null, email text,
      country text not null, marketing jsonb, created_at timestamp not null, updated_at timestamp not null`,
    rows: `read_json('${folder('customers')}/*.ndjson')`,
  },
} as const

const url = process.env.SHOP_DB_URL
if (!url) throw new Error('Set SHOP_DB_URL to the address of a database, such as postgresql://user@localhost/shop.')
const client = new Client({ connectionString: url })
await client.connect()
const reader = await (await DuckDBInstance.create(':memory:')).connect()
await client.query('begin')
await client.query('drop schema if exists shop cascade')
await client.query('create schema shop')
for (const [name, { columns, rows }] of Object.entries(TABLES)) {
  const json = await reader.runAndReadAll(`select json_group_array(to_json(given))::varchar from ${rows} as given`)
  await client.query(`create table shop.${name} (${columns})`)
  const given = [json.getRows()[0]?.[0]]
  await client.query(`insert into shop.${name} select * from json_populate_recordset(null::shop.${name}, $1)`, given)
}
await client.query('create index on shop.orders (updated_at)')
await client.query('commit')
const { rows } = await client.query('select count(*) as orders, max(updated_at) as newest from shop.orders')
console.log(`${rows[0].orders} orders, the newest changed at ${rows[0].newest.toISOString()}`)
await client.end()

function folder(name: string): string {
  return join(import.meta.dirname, name).replaceAll("'", "''")
}
