import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import { checkpointNamed, loadCheckpoints, readSuite, runCheckpoint } from '../../../src/work/quality/index.ts'
import { listener } from '../../services/listener.ts'

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-tell-'))
  engine = await openDuckDb()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a checkpoint of one suite on the numbers 1 to `rows`. */
async function run(actions: string, rows: number, environment: Record<string, string> = {}) {
  const expectations = [
    { type: 'expect_table_row_count_to_equal', kwargs: { value: 3 }, severity: 'warning' },
    { type: 'expect_column_max_to_be_between', kwargs: { column: 'n', max_value: 9 } },
  ]
  await writeFile(join(folder, 'numbers.json'), JSON.stringify({ name: 'numbers', expectations }))
  await writeFile(join(folder, 'daily.yml'), `validations: [{ data: numbers, suite: numbers }]\nactions:\n${actions}`)
  const suite = await readSuite(join(folder, 'numbers.json'))
  await rm(join(folder, 'numbers.json'))
  const checkpoint = checkpointNamed(await loadCheckpoints(folder), 'daily')
  await using connection = await engine.connect()
  return await runCheckpoint({
    checkpoint,
    suites: new Map([['numbers', suite]]),
    connection,
    relationOf: async () => ({ sql: sql`(select unnest(range(1, ${rows + 1})) as n) as numbers` }),
    environment,
  })
}

test('those whom an outcome concerns are told what was not met, and nobody else', async () => {
  await using server = await listener(200)
  const to = (path: string, on: string) => `  - { channel: webhook, url: "\${HOOK}/${path}", notify_on: ${on} }\n`
  const actions = ['all', 'failure', 'success', 'critical', 'warning'].map((on) => to(on, on)).join('')
  const told = async (rows: number) => {
    server.heard.length = 0
    const result = await run(actions, rows, { HOOK: server.url })
    expect(result.deliveries.every(({ error }) => error === undefined)).toBe(true)
    return server.heard.map(({ path }) => path.slice(1)).sort()
  }
  expect(await told(3)).toEqual(['all', 'success'])
  expect(await told(12)).toEqual(['all', 'critical', 'failure'])
  expect(server.heard[0]?.body).toMatchObject({
    title: 'daily: 1 of 1 validations failed',
    data: {
      success: false,
      validations: [{ dataset: 'numbers', unmet: [{ type: 'expect_table_row_count_to_equal' }, {}] }],
    },
  })
})

test('a channel that cannot be reached leaves the verdict as it is', async () => {
  const result = await run('  - { channel: slack, webhook: "http://127.0.0.1:1/x", notify_on: all }\n', 3)
  expect(result).toMatchObject({ success: true, deliveries: [{ channel: 'slack', error: { code: 'NOTIFY_FAILED' } }] })
})

test.each([
  ['a channel that is not there', '{ channel: pigeon }', 'PROJECT_INVALID'],
  ['a channel without its address', '{ channel: slack }', 'PROJECT_INVALID'],
  ['an option that is not there', '{ channel: webhook, url: "http://127.0.0.1/", heders: {} }', 'PROJECT_INVALID'],
  ['a variable that is not set', '{ channel: webhook, url: "${NOWHERE}" }', 'SECRET_MISSING'],
])('%s is refused with its line before anything is validated', async (_, action, code) => {
  const refused = await run(`  - ${action}\n`, 3).catch((thrown: unknown) => thrown)
  expect(refused).toMatchObject({ code, at: { file: join(folder, 'daily.yml'), line: 3 } })
})
