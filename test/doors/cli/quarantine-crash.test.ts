import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { openProject } from '../../../src/doors/app/open-project.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { millrace, type StartOptions, temporaryFolder } from './command-line.ts'

const PROJECT = `name: kept
targets:
  dev: { engine: duckdb, path: kept.duckdb }
  served: { engine: postgres, connection: warehouse, schema: main }
storage:
  lake: { url: ./lake }
zones:
  raw: { format: delta, location: lake://raw }
connections:
  warehouse: { kind: postgres, url: "\${WAREHOUSE_URL}" }
`
const SUITE = {
  name: 'items',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'name' } },
    { type: 'expect_column_values_to_be_between', kwargs: { column: 'units', min_value: 0 }, severity: 'warning' },
  ],
}
const ITEMS = "select * from (values ('pen', 3), (null, 2), ('cup', -1)) as items (name, units)"
const BAD = ['cup -1 units: values to be between min_value=0', 'null 2 name: values to not be null']

type Side = { readonly target: string; readonly dataset: string }

async function project(): Promise<AsyncDisposable & { path: string }> {
  const folder = await temporaryFolder()
  await writeFile(join(folder.path, 'millrace.yml'), PROJECT)
  await writeFile(join(folder.path, 'items.json'), JSON.stringify(SUITE))
  return folder
}

function putAside({ target, dataset }: Side, options: StartOptions) {
  const words = ['validate', ITEMS, '--suite', 'items.json', '--target', target, '--quarantine', dataset]
  return millrace(words, options)
}

/** The rows that were put aside; undefined without a table. */
async function keptRows({ target, dataset }: Side, cwd: string, url: string): Promise<string[] | undefined> {
  vi.stubEnv('WAREHOUSE_URL', url)
  await using opened = await openProject({ projectDir: cwd, target }).finally(() => vi.unstubAllEnvs())
  await using connection = await opened.engine.connect()
  const relation = await opened.catalog.relation({ dataset }).catch(() => undefined)
  if (!relation) return undefined
  const rows = await connection.rows<Record<string, unknown>>(sql`select * from ${relation.sql}`)
  return rows.map((row) => `${row.name} ${row.units} ${row._quarantine_reasons}`).sort()
}

/** Kills the command at every moment it passes: afterwards all rows are there or none, and the next try has them once. */
async function survives(
  side: Side,
  freshUrl: () => Promise<{ readonly url: string } & AsyncDisposable>,
): Promise<number> {
  const passed = await (async () => {
    await using folder = await project()
    await using database = await freshUrl()
    const log = join(folder.path, 'hits')
    await putAside(side, { cwd: folder.path, env: { WAREHOUSE_URL: database.url, MILLRACE_FAILPOINT_LOG: log } })
    expect(await keptRows(side, folder.path, database.url)).toEqual(BAD)
    return (await readFile(log, 'utf8')).trim().split('\n')
  })()
  const moments = passed.map((name, at) => `${name}:${passed.slice(0, at + 1).filter((one) => one === name).length}`)
  for (const moment of moments) {
    await using folder = await project()
    await using database = await freshUrl()
    const options = { cwd: folder.path, env: { WAREHOUSE_URL: database.url } }
    const killed = await putAside(side, { ...options, env: { ...options.env, MILLRACE_FAILPOINT: moment } })
    expect(killed.code, `${moment}: ${killed.err}`).toBeNull()
    const left = await keptRows(side, folder.path, database.url)
    expect([undefined, JSON.stringify([]), JSON.stringify(BAD)], moment).toContain(left && JSON.stringify(left))
    for (const time of ['second', 'third']) {
      const again = await putAside(side, options)
      expect(again.code, `${moment}, the ${time} time: ${again.err}`).toBe(1)
      expect(await keptRows(side, folder.path, database.url), `${moment}, the ${time} time`).toEqual(BAD)
    }
  }
  return moments.length
}

const noServer = async () => ({ url: 'postgresql://nowhere', [Symbol.asyncDispose]: async () => {} })

describe('rows put aside by a command that is killed are there wholly or not at all, and once after the next', () => {
  test.each([
    ['a Delta table', { target: 'dev', dataset: 'raw.items_bad' }, 4],
    ['a table of DuckDB', { target: 'dev', dataset: 'main.items_bad' }, 3],
  ])('%s', { timeout: 600_000 }, async (_, side, least) => {
    expect(await survives(side, noServer)).toBeGreaterThanOrEqual(least)
  })

  test.skipIf(!hasPostgres)(`a table of PostgreSQL (${POSTGRES_HINT})`, { timeout: 600_000 }, async () => {
    const side = { target: 'served', dataset: 'main.items_bad' }
    expect(await survives(side, freshDatabase)).toBeGreaterThanOrEqual(3)
  })

  test.skipIf(!hasPostgres)(`a Delta table, of rows of PostgreSQL (${POSTGRES_HINT})`, async () => {
    const side = { target: 'served', dataset: 'raw.items_bad' }
    await using folder = await project()
    await using database = await freshDatabase()
    const { code } = await putAside(side, { cwd: folder.path, env: { WAREHOUSE_URL: database.url } })
    expect(code).toBe(1)
    expect(await keptRows(side, folder.path, database.url)).toEqual(BAD)
  })
})
