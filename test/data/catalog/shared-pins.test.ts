import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql, trusted } from '../../../src/base/sql/index.ts'
import { openState, type State } from '../../../src/base/state/index.ts'
import { type Catalog, openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { appendTo } from '../../../src/data/table/index.ts'

let dir: string
let engine: Engine
let state: State
let catalog: Catalog
const children: ChildProcess[] = []
const config = {
  storage: { lake: { url: './lake' } },
  zones: { raw: { format: 'delta' as const, location: 'lake://raw' } },
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-pins-'))
  engine = await openDuckDb()
  state = await openState(join(dir, 'state.db'))
  catalog = openCatalog({ engine, config, dir, shared: { state, database: 'shop' } })
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await engine[Symbol.asyncDispose]()
  await state[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

async function append(id: number): Promise<void> {
  await using connection = await engine.connect()
  const query = sql`select ${trusted(String(id))}::bigint as id`
  const table = await catalog.ensureDeltaTable('raw.orders', { schema: await connection.describe(query) })
  await appendTo(table, query, { connection })
}

/** Another process that holds raw.orders at its present version. */
async function holder(): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'hold-pin.ts')
  const child = spawn(process.execPath, ['--conditions=millrace-source', script, dir, join(dir, 'state.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  expect(said.toString()).toBe('pinned 1\n')
  return child
}

const pins = () => state.read<{ dataset: string }>(sql`select dataset from millrace_catalog_pins`)

test('a view that another process holds is not moved until that lets go; the same version is shared', async () => {
  await append(1)
  const child = await holder()
  await using _same = await catalog.pin(['raw.orders'], { waitMs: 0 })
  await _same[Symbol.asyncDispose]()
  await append(2)
  await expect(catalog.pin(['raw.orders'], { waitMs: 150 })).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining(`raw.orders (process ${child.pid}`),
  })
  let moved = false
  const mover = catalog.publish(['raw.orders']).then(() => {
    moved = true
  })
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(moved).toBe(false)
  child.stdin?.end()
  await mover
  expect(await catalog.published('raw.orders')).toMatchObject({ version: 2 })
  expect(await pins()).toEqual([])
})

test('a process that was killed holds nothing any more', async () => {
  await append(1)
  const child = await holder()
  await append(2)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await using pin = await catalog.pin(['raw.orders'], { waitMs: 1000 })
  expect(pin.datasets[0]?.version).toBe(2)
  expect(await pins()).toHaveLength(1)
})

test('who only reads takes what others hold rather than wait', async () => {
  await append(1)
  await holder()
  await append(2)
  await using pin = await catalog.pin(['raw.orders'], { waitMs: 0, orHeld: true })
  expect(pin.datasets[0]?.version).toBe(1)
})

test('waiting for another process can be cancelled', async () => {
  await append(1)
  await holder()
  await append(2)
  const signal = AbortSignal.timeout(50)
  await expect(catalog.pin(['raw.orders'], { signal })).rejects.toMatchObject({ code: 'CANCELLED' })
})

test('pins in another database of the same project are no hindrance', async () => {
  await append(1)
  await using _held = await catalog.pin(['raw.orders'])
  await append(2)
  const other = openCatalog({ engine, config, dir, shared: { state, database: 'another' } })
  await using pin = await other.pin(['raw.orders'], { waitMs: 0 })
  expect(pin.datasets[0]?.version).toBe(2)
  const same = openCatalog({ engine, config, dir, shared: { state, database: 'shop' } })
  await expect(same.pin(['raw.orders'], { waitMs: 0 })).rejects.toMatchObject({ code: 'TIMEOUT' })
})
