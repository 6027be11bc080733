import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json, millrace, shop } from './command-line.ts'

test('a checkpoint of the project runs for a day, tells whom it says, and is kept in the history', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const daily = {
    name: 'daily',
    expectations: [
      { type: 'expect_table_row_count_to_be_usual', kwargs: { same_weekday: false } },
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'total_amount', min_value: 0 }, severity: 'warning' },
    ],
  } // biome-ignore format: one line an expectation
  await writeFile(join(cwd, 'suites/daily.json'), JSON.stringify(daily))
  await mkdir(join(cwd, 'checkpoints'), { recursive: true })
  await writeFile(
    join(cwd, 'checkpoints/daily.yml'),
    [
      'validations: [{ data: raw.orders, suite: daily, where: "order_date = {{ ds }}" }]',
      'fail_on: warning',
      'actions: [{ channel: webhook, url: "http://127.0.0.1:9/${HOOK}", notify_on: all }]',
    ].join('\n'),
  )
  await millrace(['ingest', 'shop.orders', '--into', 'raw.orders'], { cwd })
  const run = (...words: string[]) =>
    millrace(['validate', '--checkpoint', 'daily', ...words], { cwd, env: { HOOK: 'secret-hook' } })
  for (const day of ['01', '02', '03', '04']) {
    expect((await run('--ds', `2024-01-${day}`, '--json')).out).toContain('enough_history')
  }
  const page = join(cwd, 'page.html')
  const told = await run('--ds', '2024-01-05', '--docs', page)
  expect(told.out).toMatch(/raw\.orders against daily: \d of 2 expectations met/)
  expect(told.out).toMatch(/; usual is \d+(\.\d)?, by 4 days/)
  expect(told.out).toMatch(/Checkpoint daily: [01] of 1 validations succeeded/)
  expect(told.err).toContain('action webhook: failed: telling the webhook: it cannot be reached')
  expect(told.out + told.err).not.toContain('secret-hook')
  expect(await readFile(page, 'utf8')).toContain('"2024-01-05"')
  const { validations } = json(await millrace(['validate', 'history', 'raw.orders', '--json'], { cwd })) as { validations: { day?: string }[] } // biome-ignore format: one line
  expect(validations.map(({ day }) => day).sort()).toEqual(['01', '02', '03', '04', '05'].map((day) => `2024-01-${day}`)) // biome-ignore format: one line
  expect((await millrace(['validate', 'history'], { cwd })).out).toContain('2024-01-05')
  expect((await millrace(['validate', 'list'], { cwd })).out).toContain('values to be between min_value=0')

  const slips: [string[], string][] = [
    [['--ds', '2024-13-45'], 'OPTION_INVALID'],
    [['--batch', 'year=2024'], 'USAGE'],
    [['--suite', 'daily'], 'USAGE'],
    [['--quarantine', 'raw.bad'], 'USAGE'],
  ]
  for (const [words, code] of slips) {
    const slip = await run(...words)
    expect(slip).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`error ${code}:`) })
  }
  const itself = await millrace(['validate', 'raw.orders', '--suite', 'daily.json', '--quarantine', 'raw.orders'], { cwd }) // biome-ignore format: one line
  expect(itself).toMatchObject({ code: 2, err: expect.stringContaining('aside into itself') })
  const index = await millrace(['validate', 'raw.orders', '--suite', 'daily', '--index', 'order_idd'], { cwd })
  expect(index).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean "order_id"?') })
  const unknown = await millrace(['validate', '--checkpoint', 'dayly'], { cwd })
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean "daily"?') })
})
