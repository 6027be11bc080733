/**
 * Makes the shop's data: the same rows for the same seed, at any size.
 *
 *   node data/generate.ts [--orders-per-day 80] [--days 60] [--seed 42] [--out data]
 *
 * Orders come as one CSV file a week, customers as NDJSON, products as Parquet. A few rows are broken on
 * purpose: a line with too many columns, a total that is no number, addresses that are no e-mail addresses,
 * a status nobody knows, negative totals.
 */
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const { values } = parseArgs({
  options: {
    'orders-per-day': { type: 'string', default: '80' },
    days: { type: 'string', default: '60' },
    seed: { type: 'string', default: '42' },
    out: { type: 'string', default: import.meta.dirname },
  },
})
const ordersPerDay = Number(values['orders-per-day'])
const days = Number(values.days)
const firstDay = Date.UTC(2024, 0, 1)
const random = mulberry32(Number(values.seed))

const PRODUCTS = [
  ['Espresso cup', 'kitchen', 12.5],
  ['French press', 'kitchen', 34.9],
  ['Chef knife', 'kitchen', 79],
  ['Cutting board', 'kitchen', 27.5],
  ['Linen towel', 'home', 14],
  ['Wool blanket', 'home', 119],
  ['Desk lamp', 'home', 64.9],
  ['Wall clock', 'home', 45],
  ['Notebook', 'office', 7.9],
  ['Fountain pen', 'office', 58],
  ['Ink bottle', 'office', 11.9],
  ['Backpack', 'travel', 99],
  ['Water bottle', 'travel', 24.9],
  ['Rain jacket', 'travel', 149],
  ['Headlamp', 'outdoor', 39.9],
  ['Camp stove', 'outdoor', 69],
  ['Tent', 'outdoor', 289],
  ['Sleeping bag', 'outdoor', 159],
  ['Seed set', 'garden', 9.5],
  ['Pruning shears', 'garden', 32],
] as const
const FIRST = ['Ada', 'Ben', 'Chloé', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hiro', 'Ines', 'João', 'Kofi', 'Lena']
const LAST = ['Abe', 'Brandt', 'Costa', 'Dubois', 'Evans', 'Fischer', 'García', 'Haddad', 'Ivanova', 'Jensen']
const COUNTRIES = ['DE', 'FR', 'US', 'GB', 'ES', 'NL', 'PT', 'JP']
const STATUSES = ['completed', 'completed', 'completed', 'shipped', 'shipped', 'pending', 'cancelled', 'returned']
const CURRENCIES = ['EUR', 'EUR', 'EUR', 'USD', 'USD', 'GBP']

/** Numbers in [0, 1), the same for the same seed (mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T
}

const day = (offset: number) => new Date(firstDay + offset * 86_400_000).toISOString().slice(0, 10)
const moment = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

function customerCount(): number {
  return Math.max(50, Math.round(ordersPerDay * 5))
}

async function writeCustomers(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const file = createWriteStream(join(folder, 'customers.ndjson'))
  for (let id = 1; id <= customerCount(); id += 1) {
    const first = pick(FIRST)
    const last = pick(LAST)
    const address = `${first}.${last}${id}@mail.example`
      .normalize('NFD')
      .replace(/[^\w.@]/g, '')
      .toLowerCase()
    const created = firstDay - Math.floor(random() * 400) * 86_400_000
    const row = {
      customer_id: id,
      first_name: first,
      last_name: last,
      email: id % 97 === 0 ? address.replace('@', ' at ') : id % 151 === 0 ? null : address,
      country: pick(COUNTRIES),
      marketing: { opted_in: random() < 0.4, channels: random() < 0.5 ? ['mail'] : ['mail', 'sms'] },
      created_at: moment(created),
      updated_at: moment(created + Math.floor(random() * 300) * 86_400_000),
    }
    file.write(`${JSON.stringify(row)}\n`)
  }
  file.end()
  await finished(file)
}

async function writeOrders(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  let id = 100_000
  let file = createWriteStream('/dev/null')
  for (let offset = 0; offset < days; offset += 1) {
    if (offset % 7 === 0) {
      file.end()
      await finished(file)
      file = createWriteStream(join(folder, `orders-${day(offset)}.csv`))
      file.write(
        'order_id,customer_id,product_id,quantity,order_date,status,total_amount,currency,created_at,updated_at\n',
      )
    }
    const weekday = new Date(firstDay + offset * 86_400_000).getUTCDay()
    const today = Math.round(ordersPerDay * (weekday === 0 || weekday === 6 ? 1.4 : 1) * (0.8 + random() * 0.4))
    const moments = Array.from({ length: today }, () => Math.floor(random() * 86_400_000)).sort((a, b) => a - b)
    for (const time of moments) {
      id += 1
      const product = Math.floor(random() * random() * PRODUCTS.length)
      const price = PRODUCTS[product]?.[2] ?? 0
      const quantity = 1 + Math.floor(random() * random() * 5)
      const created = firstDay + offset * 86_400_000 + time
      const odd = id % 1000
      const total = odd === 503 ? 'n/a' : ((odd === 777 ? -1 : 1) * price * quantity).toFixed(2)
      const status = odd === 305 ? 'fraudulent' : odd === 612 ? 'unknwon' : pick(STATUSES)
      const cells = [
        id,
        1 + Math.floor(random() * customerCount()),
        product + 1,
        quantity,
        day(offset),
        random() < 0.1 ? status.toUpperCase() : status,
        total,
        pick(CURRENCIES),
        moment(created),
        moment(created + Math.floor(random() * 7_200_000)),
      ]
      if (odd === 888) cells.push('one column too many')
      if (!file.write(`${cells.join(',')}\n`)) await new Promise((resume) => file.once('drain', () => resume(null)))
    }
  }
  file.end()
  await finished(file)
}

async function writeProducts(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const rows = PRODUCTS.map(([name, category, price], index) => `(${index + 1}, '${name}', '${category}', ${price})`)
  const target = join(folder, 'products.parquet').replaceAll("'", "''")
  await connection.run(
    `copy (select product_id::integer as product_id, product_name, category, price::decimal(10, 2) as price
       from (values ${rows.join(', ')}) as products(product_id, product_name, category, price))
     to '${target}' (format parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
}

for (const name of ['orders', 'customers', 'products']) rmSync(join(values.out, name), { recursive: true, force: true })
await writeOrders(join(values.out, 'orders'))
await writeCustomers(join(values.out, 'customers'))
await writeProducts(join(values.out, 'products'))
