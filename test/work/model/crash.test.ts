import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { trusted } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url))

function build(dir: string, failpoint?: string, url?: string): NodeJS.Signals | number | null {
  const { signal, status } = spawnSync(
    process.execPath,
    ['--conditions=millrace-source', child, dir, ...(url ? [url] : [])],
    {
      env: { ...process.env, ...(failpoint ? { MILLRACE_FAILPOINT: failpoint } : {}) },
      encoding: 'utf8',
    },
  )
  return signal ?? status
}

async function relations(dir: string): Promise<string[]> {
  await using engine = await openDuckDb({ path: join(dir, 'shop.duckdb') })
  await using connection = await engine.connect()
  const tables = await connection.rows<{ name: string }>(
    trusted('select table_name as name from information_schema.tables order by 1'),
  )
  const counts = tables.map(async ({ name }) => {
    const [row] = await connection.rows<{ text: string }>(
      trusted(`select count(*) || ' ' || coalesce(max(v), 0) as text from "${name}"`),
    )
    return `${name} ${row?.text}`
  })
  return Promise.all(counts)
}

const KILLS: [failpoint: string, between: string[]][] = [
  ['seed.before-commit', ['codes 1 1', 'inc 1 1', 'tab 1 1', 'vue 1 1']],
  ['model.before-commit:1', ['codes 2 2', 'inc 1 1', 'tab 1 1', 'vue 2 2']],
  ['model.before-commit:2', ['codes 2 2', 'inc 2 2', 'tab 1 1', 'vue 2 2']],
  ['model.after-commit:1', ['codes 2 2', 'inc 2 2', 'tab 1 1', 'vue 2 2']],
]

function project(): { dir: string; write: (path: string, text: string) => void } {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-crash-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  write('dbt_project.yml', 'name: shop')
  write('seeds/codes.csv', 'v\n1\n')
  write('models/inc.sql', "{{ config(materialized='incremental', unique_key='v') }} select v from {{ ref('codes') }}")
  write('models/tab.sql', "{{ config(materialized='table') }} select v from {{ ref('inc') }}")
  write('models/vue.sql', "select v from {{ ref('codes') }}")
  return { dir, write }
}

test.each(KILLS)(
  'killed at %s, every relation is whole, old or new, and the next build ends like an undisturbed one',
  async (failpoint, between) => {
    const { dir, write } = project()
    expect(build(dir)).toBe(0)
    write('seeds/codes.csv', 'v\n1\n2\n')
    expect(build(dir, failpoint)).toBe('SIGKILL')
    expect(await relations(dir)).toEqual(between)
    expect(build(dir)).toBe(0)
    expect(await relations(dir)).toEqual(['codes 2 2', 'inc 2 2', 'tab 2 2', 'vue 2 2'])
  },
  30_000,
)

test.skipIf(!hasPostgres).each(KILLS)(
  `on PostgreSQL (${POSTGRES_HINT}) too, killed at %s`,
  async (failpoint, between) => {
    const { dir, write } = project()
    await using database = await freshDatabase()
    const stored = async (): Promise<string[]> => {
      const names = await administer(
        "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') order by 1",
        database.url,
      )
      const counts = names.map(async ({ name }) => {
        const [row] = await administer(
          `select count(*) || ' ' || coalesce(max(v), 0) as text from "${name}"`,
          database.url,
        )
        return `${name} ${row?.['text']}`
      })
      return Promise.all(counts)
    }
    expect(build(dir, undefined, database.url)).toBe(0)
    write('seeds/codes.csv', 'v\n1\n2\n')
    expect(build(dir, failpoint, database.url)).toBe('SIGKILL')
    // A view on what was replaced is gone until it is built again, as with dbt.
    expect(await stored()).toEqual(between)
    expect(build(dir, undefined, database.url)).toBe(0)
    expect(await stored()).toEqual(['codes 2 2', 'inc 2 2', 'tab 2 2', 'vue 2 2'])
  },
  30_000,
)
