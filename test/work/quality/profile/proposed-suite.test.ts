import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, type Sql, sql, trusted } from '../../../../src/base/sql/index.ts'
import { type Engine, openDuckDb } from '../../../../src/data/engine/index.ts'
import { type Profile, profileTable, proposeSuite, readSuite, validate } from '../../../../src/work/quality/index.ts'
import { peerPython } from '../../../services/peers.ts'

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-proposed-'))
  engine = await openDuckDb()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** What tables hold that nobody made for a profile. */
const ODD = trusted(`select
  i as id, null::varchar as nothing, 7 as always, (i % 7)::decimal(10, 2) / 3 as price, date '2024-01-01' + i::int as day,
  timestamp '2024-01-01' + interval (i) minute as moment, {'a': i} as record, [i] as list, repeat('long ', 500) || i as long,
  case when i % 10 = 0 then 'nan'::double else i end as gaps, i * 1e300 as huge, i / 1e12 as small, uuid() as uuid,
  'AB' || lpad((i % 100)::varchar, 4, '0') as code, 'c' || repeat('+', (i % 3)::int) || (i % 30) as plus, 'aaaa+' || (i % 30) as joined,
  case i % 3 when 0 then 'A.1' when 1 then 'B*2' else '(3' end as special, case when i % 4 = 0 then '' else 'v' end as empty,
  case when i % 50 = 0 then null else i % 3 end as few, 'Ä-' || i as umlaut, i % 2 = 0 as flag, '+49 30 ' || (100000 + i) as phone
  from range(200) as r (i)`)

async function proposed(name: string, relation: Sql): Promise<{ readonly profile: Profile; readonly file: string }> {
  await using connection = await engine.connect()
  const profile = await profileTable({ connection, relation, dataset: name })
  const file = join(folder, `${name}.json`)
  await writeFile(file, JSON.stringify(proposeSuite(name, profile)))
  return { profile, file }
}

async function unmet(file: string, relation: Sql): Promise<string[]> {
  await using connection = await engine.connect()
  const { results } = await validate({ connection, relation, suite: await readSuite(file) })
  return results
    .filter(({ success }) => !success)
    .map(({ expectation_config: { type, kwargs } }) => `${String(kwargs.column ?? 'table')} ${type}`)
}

test('odd data are measured, and meet what is proposed of them', async () => {
  const { profile, file } = await proposed('odd', sql`(${ODD}) as odd`)
  expect(profile.columns.find(({ name }) => name === 'huge')).toMatchObject({ min: 0, mean: expect.any(Number) })
  expect(profile.columns.find(({ name }) => name === 'huge')?.stddev).toBeUndefined()
  expect(await unmet(file, sql`(${ODD}) as odd`)).toEqual([])
})

test('data that break are found by what was proposed', async () => {
  const { file } = await proposed('odd', sql`(${ODD}) as odd`)
  const broken = sql`(select * replace (case when id = 5 then 6 else id end as id, case when id < 5 then 'AB00' else code end as code, case when id = 3 then 'D#4' else special end as special, case when id = 3 then -1000 else price end as price, case when id < 50 then null else few end as few, null as moment) from (${ODD}) as odd) as broken`
  expect((await unmet(file, broken)).sort()).toEqual([
    'code expect_column_values_to_match_regex',
    'few expect_column_values_to_not_be_null',
    'id expect_column_values_to_be_unique',
    'moment expect_column_values_to_not_be_null',
    'price expect_column_values_to_be_between',
    'special expect_column_values_to_be_in_set',
  ])
  const lessRows = sql`(select * exclude (always) from (${ODD}) as odd where id < 20) as fewer`
  expect(await unmet(file, lessRows)).toContain('table expect_table_row_count_to_be_between')
  expect(await unmet(file, lessRows)).toContain('table expect_table_columns_to_match_set')
})

test('a form that all texts of a sample have is looked for in the others, too', async () => {
  const of = (last: string) =>
    sql`(select case when i = 29999 then ${literal(last)} else 'X' || lpad(i::varchar, 5, '0') end as code from range(30000) as r (i)) as t`
  const same = await proposed('same', of('X99999'))
  const other = await proposed('other', of('nothing alike'))
  const types = async (file: string) => (await readSuite(file)).expectations.map(({ type }) => type)
  expect(await types(same.file)).toContain('expect_column_values_to_match_regex')
  expect(await types(other.file)).not.toContain('expect_column_values_to_match_regex')
  expect(await unmet(other.file, of('nothing alike'))).toEqual([])
})

const PYTHON = peerPython('great-expectations')

test.skipIf(!existsSync(PYTHON))(
  'Great Expectations reads the proposed suite and finds the same (enable: scripts/peers/install-python.sh great-expectations)',
  async () => {
    const { file } = await proposed('odd', sql`(${ODD}) as odd`)
    const data = join(folder, 'odd.parquet')
    await using connection = await engine.connect()
    await connection.execute(sql`copy (${ODD}) to ${literal(data)} (format parquet)`)
    const program = `
import json, sys
import great_expectations as gx, pandas as pd
context = gx.get_context(mode='ephemeral')
suite = context.suites.add(gx.ExpectationSuite(**json.load(open(sys.argv[1]))))
source = context.data_sources.add_pandas('given').add_dataframe_asset('given')
batch = source.add_batch_definition_whole_dataframe('all').get_batch({'dataframe': pd.read_parquet(sys.argv[2])})
result = batch.validate(suite)
print('RESULT', json.dumps({'success': result.success, 'evaluated': result.statistics['evaluated_expectations']}))`
    const printed = execFileSync(PYTHON, ['-W', 'ignore', '-c', program, file, data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) // biome-ignore format: one line
    const { expectations } = await readSuite(file)
    expect(printed).toContain(`RESULT {"success": true, "evaluated": ${expectations.length}}`)
  },
)
