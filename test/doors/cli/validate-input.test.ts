import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Finished, json, millrace, temporaryFolder } from './command-line.ts'

// What somebody types and has lying about: each slip is one coded error, and JSON stays JSON.

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const suiteOf = (...expectations: unknown[]) => JSON.stringify({ name: 'given', expectations })
const notNull = (column: string) => ({ type: 'expect_column_values_to_not_be_null', kwargs: { column } })

beforeAll(async () => {
  folder = await temporaryFolder()
  const files: Record<string, string | Buffer> = {
    'items.csv': 'id,name\n1,pen\n2,\n3,cup\n',
    'noise.parquet': Buffer.from('not a parquet file at all, just some text'),
    'noise.csv': Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256)),
    'ok.json': suiteOf(notNull('id')),
    'empty.json': suiteOf(),
    'broken.json': '{"name": "x", "expectations": [}',
    'list.yaml': 'name: y\nexpectations:\n  - type: expect_column_values_to_not_be_null\n    kwargs: {column: id}\n',
    'defects.json': suiteOf(
      notNull('id'),
      { type: 'expect_column_values_to_be_nul', kwargs: { column: 'id' } },
      notNull('nmae'),
      { type: 'expect_column_values_to_match_regex', kwargs: { column: 'name', regex: '([' } },
    ),
    'unmet.json': suiteOf(
      { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'name', value_set: ['\u001b[31mred', 'x'.repeat(90)] } },
      notNull('id'),
    ),
  } // biome-ignore format: a list
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text)
  await mkdir(join(folder.path, 'folder'))
  await mkdir(join(folder.path, 'folder.json'))
})
afterAll(() => folder[Symbol.asyncDispose]())

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  millrace(['validate', ...words], { cwd: folder.path, env })

const SLIPS: readonly (readonly [words: readonly string[], code: string, says: string])[] = [
  [['nothere.csv', '--suite', 'ok.json'], 'DATASET_UNKNOWN', 'nothere.csv'],
  [['folder', '--suite', 'ok.json'], 'DATASET_UNKNOWN', 'folder'],
  [['noise.parquet', '--suite', 'ok.json'], 'DATASET_INVALID', 'noise.parquet'],
  [['noise.csv', '--suite', 'ok.json'], 'DATASET_INVALID', 'noise.csv'],
  [['items.csv', '--suite', 'nothere.json'], 'SUITE_NOT_FOUND', 'nothere.json'],
  [['items.csv', '--suite', 'broken.json'], 'SUITE_INVALID', 'The file is to be JSON'],
  [['items.csv', '--suite', 'folder.json'], 'SUITE_INVALID', 'it is a folder'],
  [['select * frm x', '--suite', 'ok.json'], 'QUERY_INVALID', 'column 14'],
  [['items.csv', '--suite', 'ok.json', '--where', 'id = 1; drop table x'], 'QUERY_INVALID', 'the condition id = 1;'],
  [['items.csv', '--suite', 'ok.json', '--where', '1=1) --'], 'QUERY_INVALID', 'the condition 1=1) --'],
  [['items.csv', '--suite', 'ok.json', '--where', '1=1) or (1=1'], 'QUERY_INVALID', 'the condition 1=1) or (1=1'],
  [['items.csv', '--suite', 'ok.json', '--where', 'nope = 1'], 'QUERY_INVALID', 'nope'],
  [['items.csv', '--suite', 'ok.json', '--where', ' '], 'QUERY_INVALID', 'it is empty'],
  [['items.csv', '--suite', 'ok.json', '--result-format', 'ALL'], 'USAGE', 'BOOLEAN_ONLY'],
  [['items.csv', '--sute', 'ok.json'], 'USAGE', '--sute'],
]

test.each(SLIPS)('%j is %s: one error on stderr, and exit code 2', async (words, code, says) => {
  const told = await run(words)
  expect(told).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`error ${code}: `) })
  expect(told.err).toContain(says)
  expect(told.err.match(/^error /gm)).toHaveLength(1)
})

test('for programs the error is JSON, by either word', async () => {
  for (const words of [['--json'], ['--format', 'json'], ['--format=json']]) {
    const told = await run(['nothere.csv', '--suite', 'ok.json', ...words])
    expect(told).toMatchObject({ code: 2, err: '' })
    expect(json(told)).toMatchObject({ error: { code: 'DATASET_UNKNOWN' } })
  }
})

test('a query may end with a semicolon or a comment, and so may a condition', async () => {
  for (const query of ['select 1 as id;', 'select 1 as id -- one']) {
    expect(await run([query, '--suite', 'ok.json'])).toMatchObject({ code: 0 })
  }
  const where = await run(['items.csv', '--suite', 'ok.json', '--where', 'id < 2 -- the first'])
  expect(where).toMatchObject({ code: 0, out: expect.stringContaining('all 1 as expected') })
})

test('each defect of a suite is told once, with its place and what was meant; the rest is judged', async () => {
  const told = await run(['items.csv', '--suite', 'defects.json'])
  expect(told).toMatchObject({ code: 1, out: expect.stringContaining('1 of 4 expectations met') })
  expect(told.err.match(/^error \w+/gm)).toEqual(['error EXPECTATION_UNKNOWN', 'error COLUMN_UNKNOWN', 'error EXPECTATION_INVALID']) // biome-ignore format: one line
  expect(told.err.match(/defects\.json:1:\d+/g)).toHaveLength(3)
  expect(told.err).toContain('Did you mean "expect_column_values_to_be_null"?')
  expect(told.err).toContain('Did you mean "name"?')
  const asJson = await run(['items.csv', '--suite', 'defects.json', '--json'])
  expect(asJson).toMatchObject({ code: 1, err: '' })
  expect((json(asJson) as { results: unknown[] }).results).toHaveLength(4)
})

test('a suite in YAML is read, and one of nothing says so', async () => {
  expect(await run(['items.csv', '--suite', 'list.yaml'])).toMatchObject({ code: 0 })
  const empty = await run(['items.csv', '--suite', 'empty.json'])
  expect(empty).toMatchObject({ code: 0, out: 'items.csv against empty.json: the suite has no expectations.\n' })
})

test('a result is written as a page, with the values that were not as expected', async () => {
  const page = join(folder.path, 'made/for/it.html')
  const told = await run(['items.csv', '--suite', 'unmet.json', '--docs', page, '--json'])
  expect(told).toMatchObject({ code: 1, err: `Written: ${page}\n` })
  expect(json(told)).toMatchObject({ success: false })
  expect(await readFile(page, 'utf8')).toContain('"pen"')
  const nowhere = await run(['items.csv', '--suite', 'ok.json', '--docs', 'folder'])
  expect(nowhere).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('error OPTION_INVALID: writing a page'),
  })
})

test('two formats at once are refused', async () => {
  const both = await run(['items.csv', '--suite', 'ok.json', '--json', '--format', 'junit'])
  expect(both.code).toBe(2)
  expect(json(both)).toMatchObject({ error: { code: 'USAGE' } })
})

test('what is not met is told in full where the table cuts it, or without a table where there is no room', async () => {
  const words = ['items.csv', '--suite', 'unmet.json']
  const [narrow, middle] = await Promise.all([run(words, { COLUMNS: '40' }), run(words, { COLUMNS: '80' })])
  expect(narrow.out).not.toContain('Severity')
  for (const line of narrow.out.trim().split('\n').slice(0, -1)) expect(line.length).toBeLessThanOrEqual(40)
  expect(middle.out).toContain('Severity')
  expect(middle.out).toContain('NOT met  name: values to be in set')
  expect(middle.out).toContain('2 of 2 unexpected (100 %), such as "pen", "cup"')
  for (const { out } of [narrow, middle]) expect(out).not.toContain('\u001b')
})
