import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inline, literal, sql, trusted } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import * as api from '../../../src/data/frame/index.ts'

// A frame, and what DuckDB makes of its SQL: the filters stand at the scans, which read only what is needed. Steps that
// only pass columns on are left out. `vitest -u` writes the trees anew.

const FOLDER = join(import.meta.dirname, 'optimised')
const goldens = readdirSync(FOLDER).sort()

let folder: string
let engine: Awaited<ReturnType<typeof openDuckDb>>
let session: api.FrameSession
let tables: Readonly<Record<string, api.Frame>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-optimised-'))
  engine = await openDuckDb({ threads: 1 })
  session = await api.frameSession({ engine })
  await using connection = await engine.connect()
  const write = async (name: string, query: string) => {
    const file = join(folder, `${name}.parquet`)
    await connection.execute(sql`copy (${trusted(query)}) to ${literal(file)} (format parquet)`)
    return api.read.parquet(file)
  }
  tables = {
    orders: await write(
      'orders',
      `select range as id, (range % 50)::int as customer, date '2024-01-01' + (range % 90)::int as date,
        case when range % 3 = 0 then 'paid' when range % 3 = 1 then 'open' else 'sent' end as status,
        (range / 7)::decimal(10,2) as amount, 'note ' || range as note from range(5000)`,
    ),
    customers: await write(
      'customers',
      `select range::int as customer, 'name ' || range as name, case when range % 2 = 0 then 'CH' else 'DE' end as country from range(50)`,
    ),
  }
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

interface Operator {
  readonly name: string
  readonly children: readonly Operator[]
  readonly extra_info: Readonly<Record<string, string | readonly string[]>>
}

const TOLD: Readonly<Record<string, readonly string[]>> = {
  READ_PARQUET: ['Projections', 'Filters'],
  FILTER: ['Expression'],
  WINDOW: ['Projections'],
  HASH_JOIN: ['Join Type', 'Conditions'],
  HASH_GROUP_BY: ['Aggregates'],
  PERFECT_HASH_GROUP_BY: ['Aggregates'],
  UNGROUPED_AGGREGATE: ['Aggregates'],
}

function treeOf({ name, children, extra_info: told }: Operator, depth = 0): string[] {
  const [kind = name] = name.trim().split(' ')
  if (kind === 'PROJECTION') return children.flatMap((child) => treeOf(child, depth))
  const words = (TOLD[kind] ?? []).flatMap((key) => {
    const value = told[key]
    if (value === undefined) return []
    const text = typeof value === 'string' ? value : value.join(', ')
    return key === 'Filters' ? [`where ${text}`] : [key === 'Projections' ? `[${text}]` : text]
  })
  const line = `${'  '.repeat(depth)}${[kind, ...words.filter((word) => word !== '')].join(' ')}`
  return [line, ...children.flatMap((child) => treeOf(child, depth + 1))]
}

async function optimised(frame: api.Frame): Promise<string> {
  await using connection = await engine.connect()
  const { resolveLeaf } = await import('../../../src/data/frame/read/resolve-leaf.ts')
  const compiled = await api.compile(frame.plan, {
    dialect: 'duckdb',
    hopeful: true,
    resolve: (leaf, asked) => resolveLeaf(leaf, session, connection, asked),
  })
  const statement = trusted(inline(compiled.sql, 'duckdb'))
  const [row] = await connection.rows<{ explain_value: string }>(sql`explain (format json) ${statement}`)
  const [root] = JSON.parse(row?.explain_value ?? '[]') as Operator[]
  return root ? treeOf(root).join('\n') : ''
}

test.each(goldens)('%s', async (file) => {
  const path = join(FOLDER, file)
  const [input = ''] = readFileSync(path, 'utf8').split('\n---\n')
  const names = { ...api, ...tables } as Record<string, unknown>
  const used = [...new Set(input.match(/\b[a-zA-Z]\w*/g))].filter((name) => name in names)
  const frame = new Function(...used, `return ${input}`)(...used.map((name) => names[name])) as api.Frame
  await expect(`${input}\n---\n${await optimised(frame)}\n`).toMatchFileSnapshot(path)
})
