import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../src/base/store/index.ts'
import { DeltaTable } from '../../../src/data/table/index.ts'
import { json, millrace, start, temporaryFolder } from './command-line.ts'

const FLIGHTS = join(import.meta.dirname, '../../../examples/flights')
const FIRST_DAYS = ['backfill', 'flights_daily', '--from', '2001-01-01', '--to', '2001-01-04']
const TABLES = ['raw.flights_daily', 'daily.airports', 'daily.hours']

/** Brings flights to a folder as the example's generator does. */
function generate(project: string, ...words: string[]): void {
  const script = join(FLIGHTS, 'data/generate.ts')
  const made = spawnSync(process.execPath, [script, '--out', join(project, 'lake/landing'), ...words])
  if (made.status !== 0) throw new Error(String(made.stderr))
}

/** A copy of the example with the flights of four days. */
async function flights(...words: string[]): Promise<AsyncDisposable & { path: string }> {
  const folder = await temporaryFolder()
  const left = /[\\/](lake|target|\.millrace|[^\\/]*\.duckdb[^\\/]*)$/
  await cp(FLIGHTS, folder.path, { recursive: true, filter: (source) => !left.test(source.slice(FLIGHTS.length)) })
  generate(folder.path, '--from', '2001-01-01', '--to', '2001-01-04', ...words)
  return folder
}

/** What the pipeline's tables hold: rows, days and a hash of each. */
async function contents(cwd: string): Promise<unknown[]> {
  const of = (table: string) =>
    `select '${table}' as name, count(*) as n, count(distinct date) as days, bit_xor(hash(t))::varchar as hash from ${table} t`
  const asked = await millrace(['query', TABLES.map(of).join(' union all '), '--json'], { cwd })
  if (asked.code !== 0) throw new Error(asked.out + asked.err)
  return asked.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

let undisturbed: unknown[]
beforeAll(async () => {
  await using folder = await flights()
  expect(await millrace(FIRST_DAYS, { cwd: folder.path })).toMatchObject({ code: 0 })
  undisturbed = await contents(folder.path)
  expect(undisturbed).toMatchObject([{ days: 4 }, { days: 4 }, { name: 'raw.flights_daily', days: 4 }])
})

test('a preview writes nothing; days that are done are skipped; a day that is run again replaces that day alone', async () => {
  await using folder = await flights()
  const cwd = folder.path
  const preview = await millrace([...FIRST_DAYS, '--dry-run'], { cwd })
  expect(preview.out).toMatch(/2001-01-01 +2001-01-04 +4 +run: new/)
  expect(preview.out).toContain('4 of 4 to run')
  expect((await millrace(['table', 'show', 'raw.flights_daily', '--count'], { cwd })).err).toContain('DATASET_UNKNOWN')

  const filled = await millrace([...FIRST_DAYS, '--parallel', '2'], { cwd })
  expect(filled.code).toBe(0)
  expect(filled.out).toMatch(/^success +4 +6\d,\d{3}/m)
  expect(filled.err).toMatch(/2001-01-03 +success .* rows +\(\d of 4, /)
  expect(await contents(cwd)).toEqual(undisturbed)

  const skipped = await millrace([...FIRST_DAYS, '--dry-run'], { cwd })
  expect(skipped.out).toMatch(/2001-01-01 +2001-01-04 +4 +skip: done/)
  expect(skipped.out).toContain('Nothing to run.')

  const files = async () => {
    const { snapshot } = await DeltaTable.open(openStore(join(cwd, 'lake')), 'raw/flights_daily')
    return new Map(snapshot.files.map(({ path, partitionValues }) => [path, partitionValues.date]))
  }
  const before = await files()
  const again = ['backfill', 'flights_daily', '--from', '2001-01-02', '--to', '2001-01-02', '--rerun', 'all', '--json']
  expect(json(await millrace(again, { cwd }))).toMatchObject({ status: 'success', preview: { again: 1 } })
  const after = await files()
  const gone = [...before].filter(([path]) => !after.has(path)).map(([, date]) => date)
  const come = [...after].filter(([path]) => !before.has(path)).map(([, date]) => date)
  expect([gone, come]).toEqual([['2001-01-02'], ['2001-01-02']])
  expect(await contents(cwd)).toEqual(undisturbed)

  const list = json<{ backfills: { backfillId: string }[] }>(await millrace(['backfill', 'list', '--json'], { cwd }))
  expect(list.backfills).toMatchObject([
    { planned: 1, succeeded: 1 },
    { planned: 4, succeeded: 4 },
  ])
  const shown = await millrace(['backfill', 'show', list.backfills[1]?.backfillId ?? ''], { cwd })
  expect(shown.out).toMatch(/2001-01-04 +success/)
  const printed = (await millrace(['backfill', 'list'], { cwd, env: { COLUMNS: '80' } })).out.split('\n')[2] ?? ''
  const short = printed.split(' ')[0] ?? ''
  expect(list.backfills[1]?.backfillId.startsWith(short)).toBe(true)
  expect((await millrace(['backfill', 'show', short], { cwd })).out).toBe(shown.out)
  expect((await millrace(['backfill', 'show', '0'], { cwd })).err).toContain('several backfills begin with 0')
})

test('a file that arrives late is found, and its day alone is run again', async () => {
  await using folder = await flights('--hold-back', '2001-01-03')
  const cwd = folder.path
  const changed = [...FIRST_DAYS, '--rerun', 'changed']
  await millrace(FIRST_DAYS, { cwd })
  expect(await contents(cwd)).not.toEqual(undisturbed)
  expect((await millrace([...changed, '--dry-run'], { cwd })).out).toContain('Nothing to run.')

  generate(cwd, '--late', '2001-01-03')
  const preview = await millrace([...changed, '--dry-run'], { cwd })
  expect(preview.out).toMatch(/2001-01-03 +2001-01-03 +1 +run: files have changed/)
  expect(preview.out).toContain('1 of 4 to run')
  expect((await millrace(changed, { cwd })).code).toBe(0)
  expect(await contents(cwd)).toEqual(undisturbed)
  expect((await millrace([...changed, '--dry-run'], { cwd })).out).toContain('Nothing to run.')
})

test('killed again and again, the same command ends with the same tables', async () => {
  await using folder = await flights()
  const cwd = folder.path
  const kills = ['delta.after-commit:2', 'pipeline.backfill-interval-done:1', 'state.before-commit:30']
  for (const failpoint of kills) {
    const died = await millrace(FIRST_DAYS, { cwd, env: { MILLRACE_FAILPOINT: failpoint } })
    expect(died.code).toBeNull()
  }
  for (const after of [400, 700]) {
    const cut = start([...FIRST_DAYS, '--parallel', '2'], { cwd })
    setTimeout(() => cut.child.kill('SIGKILL'), after + Math.random() * 300)
    await cut.done
  }
  const last = await millrace([...FIRST_DAYS, '--json'], { cwd })
  expect(last.code).toBe(0)
  expect(await contents(cwd)).toEqual(undisturbed)
  const list = json<{ backfills: { status: string }[] }>(await millrace(['backfill', 'list', '--json'], { cwd }))
  expect(list.backfills.map(({ status }) => status)).toContain('interrupted')
})

test('Ctrl-C stops after cancelling, with 130 and the command that goes on', async () => {
  await using folder = await flights()
  const cwd = folder.path
  const cut = start(FIRST_DAYS, { cwd })
  await cut.says('2001-01-01  success')
  cut.child.kill('SIGINT')
  const { code, out } = await cut.done
  expect(code).toBe(130)
  expect(out).toContain('Go on with: millrace backfill flights_daily --from 2001-01-01 --to 2001-01-04')
  expect((await millrace(FIRST_DAYS, { cwd })).code).toBe(0)
  expect(await contents(cwd)).toEqual(undisturbed)
})

test('a missing day stops the backfill, unless it shall go on; either way the day is named and the exit code is 1', async () => {
  await using folder = await flights()
  const cwd = folder.path
  const six = [...FIRST_DAYS.slice(0, -1), '2001-01-06']
  const stopped = await millrace(six, { cwd })
  expect(stopped.code).toBe(1)
  expect(stopped.out).toMatch(/^not begun +1/m)
  expect(stopped.out).toMatch(/^failed 2001-01-05\n +error SOURCE_EMPTY: .*day=2001-01-05/m)
  const all = await millrace([...six, '--continue-on-error', '--json'], { cwd })
  expect(all.code).toBe(1)
  const { intervals } = json<{ intervals: { interval: { ds: string }; status: string }[] }>(all)
  expect(intervals.map(({ interval, status }) => `${interval.ds} ${status}`)).toEqual([
    '2001-01-05 failed',
    '2001-01-06 failed',
  ])
})

test.each([
  [['--from', '2001-01-09', '--to', '2001-01-02'], 'INTERVAL_INVALID', 'The first day comes first'],
  [['--from', '2001-13-01'], 'INTERVAL_INVALID', 'Write 2024-01-31'],
  [['--from', '2011-01-01', '--to', '2011-01-02'], 'INTERVAL_INVALID', 'ends on 2001-06-30'],
  [['--parallel', '0'], 'OPTION_INVALID', '--parallel'],
  [['--rerun', 'everything'], 'USAGE', 'changed'],
])('%j is refused with %s before anything is done', async (words, code, says) => {
  const refused = await millrace(['backfill', 'flights_daily', ...words], { cwd: FLIGHTS })
  expect(refused.code).toBe(2)
  expect(refused.err).toContain(code)
  expect(refused.err).toContain(says)
})
