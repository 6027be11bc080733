import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import type { DbtDeps, DbtOptions, DbtRun } from '../../../../src/work/model/index.ts'
import { storedManifest } from '../../../../src/work/model/partial-parse/stored-manifest.ts'
import { type DbtFolder, dbtFolder } from '../dbt-folder.ts'

const FILES: Record<string, string> = {
  'models/a.sql': "{{ config(tags=['x']) }}select 1 as id",
  'models/b.sql': "select * from {{ ref('a') }} where kind = '{{ kind() }}'",
  'models/c.sql':
    "{{ config(enabled=var('with_c', true), alias=env_var('C_ALIAS', 'c')) }}select * from {{ source('raw', 't') }}",
  'models/schema.yml': `models:
  - name: a
    description: "{{ doc('about') }}"
    columns: [{ name: id, data_tests: [unique, { accepted_values: { arguments: { values: [1, 2] } } }] }]
sources: [{ name: raw, schema: "{{ target.schema }}", tables: [{ name: t }] }]
exposures: [{ name: page, type: dashboard, owner: { name: o }, depends_on: ["ref('b')"] }]
unit_tests: [{ name: u, model: b, given: [{ input: "ref('a')", rows: [{ id: 1 }] }], expect: { rows: [{ id: 1 }] } }]`,
  'models/about.md': '{% docs about %}All of it{% enddocs %}',
  'macros/kind.sql': "{% macro kind() %}{{ return(var('kind', 'plain')) }}{% endmacro %}",
  'seeds/s.csv': 'id\n1\n',
  'snapshots/p.sql':
    "{% snapshot p %}{{ config(strategy='check', check_cols='all', unique_key='id') }}select * from {{ ref('a') }}{% endsnapshot %}",
  'tests/t.sql': "select * from {{ ref('a') }} where false",
}

const place = (folder: DbtFolder): string => join(folder.dir, 'target/partial_parse.json')

/** Which file lies there: one that is written anew is another. */
const inode = (folder: DbtFolder): number => statSync(place(folder)).ino

interface Outcome {
  readonly manifest?: unknown
  readonly warnings?: readonly string[]
  readonly logged?: readonly string[]
  readonly error?: string
}

/** What reading the project gives, but for the moment it was read in. */
async function outcome(folder: DbtFolder, options: DbtOptions, deps: Partial<DbtDeps>): Promise<Outcome> {
  const logged: string[] = []
  const onEvent: DbtDeps['onEvent'] = (event) => {
    if (event.kind === 'log') logged.push(event.message)
  }
  try {
    const run = await folder.dbt('parse', options, { ...deps, onEvent })
    return { manifest: told(run), warnings: run.warnings, logged }
  } catch (error) {
    return { error: String(error) }
  }
}

function told({ manifest }: DbtRun): unknown {
  return JSON.parse(JSON.stringify(storedManifest(manifest), (key, value) => (key === 'created_at' ? 0 : value)))
}

const anew = (folder: DbtFolder, options: DbtOptions = {}, deps: Partial<DbtDeps> = {}): Promise<Outcome> =>
  outcome(folder, { ...options, partialParse: false }, { ...deps, artifacts: false })
const again = (folder: DbtFolder, options: DbtOptions = {}, deps: Partial<DbtDeps> = {}): Promise<Outcome> =>
  outcome(folder, options, { ...deps, artifacts: true })

test('what is read again is what reading anew gives', async () => {
  const folder = await dbtFolder(FILES)
  const first = await again(folder)
  const written = inode(folder)
  expect(first.error).toBeUndefined()
  expect(await again(folder)).toEqual(first)
  expect(inode(folder)).toBe(written)
  expect(await anew(folder)).toEqual(first)
  const run = await folder.dbt('build', { select: ['a', 's', 'p'] }, { artifacts: true })
  expect(inode(folder)).toBe(written)
  expect(new Set(run.results.map(({ status }) => status))).toEqual(new Set(['success', 'pass']))
})

test('variables, target, environment and flags that were read count, others do not', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/d.sql': "{{ config(tags=['full' if flags.FULL_REFRESH else 'part']) }}select 1",
  })
  const cases: [DbtOptions, Partial<DbtDeps>][] = [
    [{}, {}],
    [{ vars: { kind: 'other' } }, {}],
    [{ vars: { with_c: false } }, {}],
    [{}, { environment: { C_ALIAS: 'z' } }],
    [{}, { environment: { C_ALIAS: '' } }],
    [{}, { schema: 'elsewhere' }],
    [{}, { target: { name: 'prod' } }],
    [{ fullRefresh: true }, {}],
    [{ storeFailures: true }, {}],
    [{}, {}],
  ]
  for (const [options, deps] of cases) {
    expect(await again(folder, options, deps)).toEqual(await anew(folder, options, deps))
  }
  const written = inode(folder)
  expect(await again(folder, {}, { environment: { OTHER: 'x' } })).toEqual(await anew(folder))
  expect(inode(folder)).toBe(written)
})

test('what is another each time is not kept, and what templates log is logged again', async () => {
  for (const value of [
    'run_started_at.year',
    'modules.datetime.datetime.now().year',
    'modules.datetime.date.today() | string',
    '[1] | random',
    'invocation_id',
    'builtins.invocation_id',
    "context['invocation_id']",
    'dbt_metadata_envs.x | string',
  ]) {
    const folder = await dbtFolder({ 'models/a.sql': `{{ config(meta={'m': ${value}}) }}select 1` })
    expect((await again(folder)).error, value).toBeUndefined()
    expect(readdirSync(join(folder.dir, 'target')), value).not.toContain('partial_parse.json')
  }
  const folder = await dbtFolder({ 'models/a.sql': "{{ log('seen', info=true) }}{{ print('said') }}select 1" })
  const first = await again(folder)
  expect(first.logged).toEqual(['seen', 'said'])
  const written = inode(folder)
  expect(await again(folder)).toEqual(first)
  expect(inode(folder)).toBe(written)
})

test('a file that is cut off, changed, or of another program is not used', async () => {
  const folder = await dbtFolder(FILES)
  const first = await again(folder)
  const whole = readFileSync(place(folder), 'utf8')
  const [head = '', body = ''] = whole.split('\n')
  const { key } = JSON.parse(head)
  const damaged = [
    '',
    'x',
    '\n',
    'null\nnull',
    whole.slice(0, -10),
    head,
    `${head}\n`,
    `${head}\n${body.replace('select 1 as id', 'select 2 as id')}`,
    `${JSON.stringify({ kind: 'millrace partial parse 1', key })}\n${body}`,
    `${JSON.stringify({ ...JSON.parse(head), kind: 'another' })}\n${body}`,
    Buffer.from([0x80, 0x81, 0xff, 0x0a, 0x00]).toString('latin1'),
  ]
  for (const text of damaged) {
    writeFileSync(place(folder), text)
    expect(await again(folder), text.slice(0, 40)).toEqual(first)
    expect(JSON.parse(readFileSync(place(folder), 'utf8').split('\n')[0] ?? '').key).toBe(key)
  }
})

test('a node that is as it was is not rendered again when others change, but when a macro or variable does', async () => {
  const folder = await dbtFolder(FILES)
  const tags = async (options: DbtOptions = {}): Promise<unknown> => {
    const { manifest } = await folder.dbt('parse', options, { artifacts: true })
    return manifest.nodes.get('model.shop.b')?.config.tags
  }
  /** Writes into the file that rendering nodes gave a tag more. */
  const tamper = (): void => {
    const [head = '', project = '', readings = ''] = readFileSync(place(folder), 'utf8').split('\n')
    const known = JSON.parse(readings) as [string, { config: object }][]
    expect(known.length).toBeGreaterThan(0)
    const others = JSON.stringify(known.map(([key, calls]) => [key, { ...calls, config: { tags: ['kept'] } }]))
    const told = JSON.parse(head)
    told.readings.crc = crc32(others)
    writeFileSync(place(folder), `${JSON.stringify(told)}\n${project}\n${others}`)
  }
  expect(await tags()).toEqual([])
  tamper()
  expect(await tags()).toEqual([])
  folder.write({ 'models/a.sql': 'select 3 as id' })
  expect(await tags()).toEqual(['kept'])
  folder.write({ 'models/b.sql': `${FILES['models/b.sql']} -- changed` })
  expect(await tags()).toEqual([])
  tamper()
  expect(await tags({ vars: { kind: 'other' } })).toEqual([])
  tamper()
  folder.write({ 'macros/kind.sql': "{% macro kind() %}{{ return('k') }}{% endmacro %}" })
  expect(await tags({ vars: { kind: 'other' } })).toEqual([])
})

test('with partial parsing off nothing is used again, and without artifacts nothing is written', async () => {
  const folder = await dbtFolder(FILES)
  await anew(folder)
  expect(readdirSync(folder.dir)).not.toContain('target')
  await again(folder)
  const written = inode(folder)
  await again(folder, { partialParse: false })
  expect(inode(folder)).not.toBe(written)
})

test('no value of the environment stands in the file but where the project puts it', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{{ config(enabled=env_var('SWITCH') == 'hunter2') }}select 1",
  })
  const environment = { SWITCH: 'hunter2', DBT_ENV_SECRET_TOKEN: 'hunter3', OTHER: 'hunter4' }
  await again(folder, {}, { environment })
  expect(readFileSync(place(folder), 'utf8')).not.toMatch(/hunter[34]/)
  expect(readFileSync(place(folder), 'utf8').split('\n')[0]).not.toContain('hunter')
})

test('commands that run at once leave a whole file and nothing beside it', async () => {
  const folder = await dbtFolder(FILES)
  const first = await anew(folder)
  const runs = Array.from({ length: 6 }, (_, n) => again(folder, { vars: { unused: n % 3 } }))
  for (const run of await Promise.all(runs)) expect(run).toEqual(first)
  expect(readdirSync(join(folder.dir, 'target')).filter((name) => name.includes('.tmp'))).toEqual([])
  expect(await again(folder)).toEqual(first)
})

/** Edits that a person makes, wrong ones among them. `n` makes each another. */
const EDITS: ((folder: DbtFolder, n: number) => void)[] = [
  (folder, n) => folder.write({ 'models/a.sql': `select ${n % 3} as id` }),
  (folder, n) => folder.write({ 'models/a.sql': `{{ config(tags=['t${n % 3}']) }}select 1 as id` }),
  (folder, n) => folder.write({ [`models/sub/n${n % 3}.sql`]: `select * from {{ ref('a') }} -- ${n}` }),
  (folder, n) => folder.write({ [`models/n${n % 3}.sql`]: `select '{{ env_var('E${n % 2}', 'none') }}' as e` }),
  (folder) => folder.write({ 'models/b.sql': "select * from {{ ref('gone') }}" }),
  (folder) => folder.write({ 'models/b.sql': FILES['models/b.sql'] ?? '' }),
  (folder, n) =>
    folder.write({
      'macros/kind.sql': `{% macro kind() %}{{ return(${n % 4 === 0 ? "'k'" : 'target.schema'}) }}{% endmacro %}`,
    }),
  (folder, n) =>
    folder.write({ 'macros/schema.sql': `{% macro generate_schema_name(name, node) %}s${n % 2}{% endmacro %}` }),
  (folder) => folder.write({ 'macros/schema.sql': '' }),
  (folder) => folder.write({ 'macros/kind.sql': '{% macro kind() %}' }),
  (folder) => folder.write({ 'macros/kind.sql': FILES['macros/kind.sql'] ?? '' }),
  (folder, n) =>
    folder.write({ 'models/schema.yml': (FILES['models/schema.yml'] ?? '').replace('[1, 2]', `[${n % 5}]`) }),
  (folder) => folder.write({ 'models/schema.yml': 'models: [' }),
  (folder) => folder.write({ 'models/schema.yml': FILES['models/schema.yml'] ?? '' }),
  (folder, n) =>
    folder.write({ [`models/r${n % 3}.sql`]: `{{ config(tags=[kind(), '${n % 2}']) }}select '{{ kind() }}'` }),
  (folder, n) =>
    folder.write({
      [`models/r${n % 3}.sql`]: `{{ config(meta={ 'e': env_var('E0', 'none') }) }}select '{{ kind() }}'`,
    }),
  (folder, n) => folder.write({ [`models/r${n % 3}.sql`]: `{{ log('l${n % 2}', info=true) }}{{ kind() }}` }),
  (folder, n) =>
    folder.write({ [`models/r${n % 3}.sql`]: `{{ config(meta={ 'f': flags.FULL_REFRESH }) }}select '{{ kind() }}'` }),
  (folder, n) => rmSync(join(folder.dir, `models/r${n % 3}.sql`), { force: true }),
  (folder, n) => {
    const from = join(folder.dir, `models/r${n % 3}.sql`)
    if (existsSync(from)) renameSync(from, join(folder.dir, `models/r${(n + 1) % 3}.sql`))
  },
  (folder, n) => folder.write({ 'models/about.md': `{% docs about %}Version ${n % 3}{% enddocs %}` }),
  (folder, n) => folder.write({ 'seeds/s.csv': `id\n${n % 4}\n` }),
  (folder, n) => folder.write({ 'tests/t.sql': `select ${n % 3} from {{ ref('a') }} where false` }),
  (folder, n) =>
    folder.write({
      'dbt_project.yml': `name: shop\nprofile: shop\nvars: { kind: k${n % 3} }\nmodels: { +meta: { n: ${n % 2} } }\n`,
    }),
  (folder, n) =>
    folder.write({
      'dbt_packages/tools/dbt_project.yml': `name: tools\nvars: { x: ${n % 2} }\n`,
      'dbt_packages/tools/models/tool.sql': `select ${n % 3} as x`,
    }),
]

/** Numbers below a bound. A linear congruential generator (Numerical Recipes), so that each run gives the same. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Code that has to be rendered, with what it takes from outside in its configuration. */
const RENDERED = [
  '{{ config(tags=[kind()]) }}select 1',
  "{{ config(meta={ 'e': env_var('E0', 'none') }) }}select '{{ kind() }}'",
  "{{ config(meta={ 'f': flags.FULL_REFRESH }) }}select '{{ kind() }}'",
  "{{ config(meta={ 'v': var('kind', 'none') }) }}select '{{ kind() }}'",
  "{{ config(meta={ 'm': model.path, 't': target.schema }) }}select '{{ kind() }}'",
  "{{ log('seen', info=true) }}select '{{ kind() }}'",
]

test('what is rendered follows its files, the environment, flags, variables and the target, whatever else changes', async () => {
  const folder = await dbtFolder({ 'macros/kind.sql': FILES['macros/kind.sql'] ?? '' })
  const random = randomNumbers(7)
  let settings: [DbtOptions, Partial<DbtDeps>] = [{}, {}]
  for (let step = 0; step < 80; step += 1) {
    folder.write({ [`models/r${random(4)}.sql`]: RENDERED[random(RENDERED.length)] ?? '' })
    // Mostly one thing changes, so that others are kept.
    if (random(2) === 0) {
      settings = [
        { fullRefresh: random(2) === 0, ...(random(3) === 0 ? { vars: { kind: `v${random(2)}` } } : {}) },
        { environment: random(2) === 0 ? { E0: String(random(2)) } : {}, schema: random(4) === 0 ? 'other' : 'main' },
      ]
    }
    expect(await again(folder, ...settings), `step ${step}`).toEqual(await anew(folder, ...settings))
  }
}, 120_000)

test('after random edits the project reads as it does anew, whether it can be read or not', async () => {
  const folder = await dbtFolder(FILES)
  const random = randomNumbers(20_260_707)
  const seen = new Set<string>()
  for (let step = 0; step < 150; step += 1) {
    for (let edits = random(3); edits > 0; edits -= 1) EDITS[random(EDITS.length)]?.(folder, random(100))
    const options: DbtOptions = {
      ...(random(4) === 0 ? { vars: { kind: `v${random(2)}` } } : {}),
      fullRefresh: random(4) === 0,
    }
    const deps = { environment: random(4) === 0 ? { E0: String(random(2)) } : {} }
    const held = await again(folder, options, deps)
    expect(held, `step ${step}`).toEqual(await anew(folder, options, deps))
    seen.add(held.error === undefined ? 'read' : 'refused')
  }
  expect([...seen].sort()).toEqual(['read', 'refused'])
}, 120_000)
