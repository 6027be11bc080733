import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { millrace } from './command-line.ts'

// A dbt project as it stands anywhere: no millrace.yml, a profile beside it.
const files: Record<string, string> = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'profiles.yml':
    'shop: { target: dev, outputs: { dev: { type: duckdb, path: shop.duckdb, threads: 1 }, other: { type: duckdb, schema: there } } }\n',
  'seeds/codes.csv': 'id,v\n1,2\n2,3\n',
  'models/a.sql': "select * from {{ ref('codes') }}",
  'models/b.sql': "{{ config(materialized='table') }} select * from {{ ref('a') }}",
  'models/bad.sql': "select nope from {{ ref('b') }}",
  'models/after.sql': "select * from {{ ref('bad') }}",
  'models/schema.yml': 'models: [{ name: a, columns: [{ name: id, data_tests: [unique] }] }]\n',
}
let dir: string

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-dbt-cli-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const dbt = (...words: string[]) => millrace(['dbt', ...words], { cwd: dir })
/** Lines without the time before them and how long a node took. */
const plain = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, '').replace(/ in [\d.]+s\]/, ' in N]'))
    .filter(Boolean)

test('a dbt project is built where its profile says, and the lines and the exit code are those of dbt', async () => {
  const { code, out } = await dbt('build', '--select', '+b')
  expect(plain(out).filter((line) => !line.startsWith('Running') && !line.startsWith('Finished'))).toEqual([
    expect.stringMatching(/^Found 4 models, 1 seed, 1 data test, \d+ macros$/),
    "Concurrency: 1 threads (target='dev')",
    '1 of 4 START seed file main.codes .............................................. [RUN]',
    '1 of 4 OK loaded seed file main.codes .......................................... [INSERT 2 in N]',
    '2 of 4 START sql view model main.a ............................................. [RUN]',
    '2 of 4 OK created sql view model main.a ........................................ [OK in N]',
    '3 of 4 START test unique_a_id .................................................. [RUN]',
    '3 of 4 PASS unique_a_id ........................................................ [PASS in N]',
    '4 of 4 START sql table model main.b ............................................ [RUN]',
    '4 of 4 OK created sql table model main.b ....................................... [OK in N]',
    'Completed successfully',
    'Done. PASS=4 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=4',
  ])
  expect(code).toBe(0)
})

test('a node that fails gives exit code 1, its error, and what it holds back is skipped', async () => {
  const { code, out } = await dbt('run', '-s', 'bad+')
  expect(code).toBe(1)
  expect(plain(out)).toEqual(
    expect.arrayContaining([
      '1 of 2 ERROR creating sql view model main.bad .................................. [ERROR in N]',
      '2 of 2 SKIP relation main.after ................................................ [SKIP]',
      'Completed with 1 error, 0 partial successes, and 0 warnings:',
      '  compiled code at target/compiled/shop/models/bad.sql',
      'Done. PASS=0 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=2',
    ]),
  )
})

test('ls prints nothing but its answer on stdout, in all of its forms', async () => {
  const listed = async (...words: string[]) => (await dbt('ls', ...words)).out.trim().split('\n')
  expect(await listed()).toEqual(['shop.a', 'shop.after', 'shop.b', 'shop.bad', 'shop.codes', 'shop.unique_a_id'])
  expect(await listed('-s', 'a', '--output', 'path')).toEqual(['models/a.sql', 'models/schema.yml'])
  const [line] = await listed('-s', 'b', '--output', 'json', '--output-keys', 'name', 'config.materialized')
  expect(JSON.parse(line ?? '')).toEqual({ name: 'b', 'config.materialized': 'table' })
})

test('flags come from the line, then the environment, then dbt_project.yml', async () => {
  const env = { DBT_TARGET: 'other', DBT_QUIET: 'true' }
  const quiet = await millrace(['dbt', 'run', '-s', 'config.materialized:view', '--exclude', 'a+'], { cwd: dir, env })
  expect(quiet).toMatchObject({ code: 0, out: '' })
  const loud = await millrace(['dbt', '--no-quiet', 'seed', '-t', 'dev'], { cwd: dir, env })
  expect(loud.out).toContain('OK loaded seed file main.codes')
})

test('what is wrong with the project or the line is exit code 2', async () => {
  expect(await dbt('run', '--target', 'prod')).toMatchObject({
    code: 2,
    err: expect.stringContaining('TARGET_UNKNOWN'),
  })
  expect(await dbt('run', 'a')).toMatchObject({ code: 2, err: expect.stringContaining('--select a') })
  expect(await dbt('run', '--sample', '3 weeks')).toMatchObject({ code: 2, err: expect.stringContaining('weeks') })
  expect(await dbt('run', '-s', 'nothing', '--warn-error')).toMatchObject({ code: 2 })
})
