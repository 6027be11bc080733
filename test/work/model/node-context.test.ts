import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

/** What one model of a project with these files compiles to. */
async function compiled(model: string, files: Record<string, string> = {}, more: object = {}): Promise<string> {
  const folder = await dbtFolder({ 'models/a.sql': model, ...files })
  const run = await folder.dbt('compile', {}, more)
  const [result] = run.results
  if (result?.error) throw Object.assign(new Error(result.error.message), result.error)
  return (run.manifest.nodes.get('model.shop.a')?.compiled_code ?? '').trim()
}

test('modules of Python give dates, time zones, patterns and products', async () => {
  expect(
    await compiled(`{% set start = modules.datetime.datetime(2024, 1, 31) -%}
{{ (start + modules.datetime.timedelta(days=1, hours=2)).strftime('%Y-%m-%d %H:%M') }} {{ start.date() }}
{{ modules.pytz.timezone('America/New_York').localize(start).isoformat() }}
{{ modules.re.sub('(\\\\w+)@(\\\\w+)', '\\\\2 at \\\\1', 'a@b') }} {{ modules.re.match('x', 'ax') is none }}
{% for pair in modules.itertools.product([1, 2], 'ab') %}{{ pair[0] }}{{ pair[1] }} {% endfor %}`),
  ).toBe('2024-02-01 02:00 2024-01-31\n2024-01-31T00:00:00-05:00\nb at a True\n1a 1b 2a 2b')
})

test('values are read from and written as JSON, YAML, sets and hashes', async () => {
  expect(
    await compiled(`{{ fromjson('{"a": [1, 1.0, null]}') }} {{ tojson({'b': 1, 'a': (2,)}, sort_keys=true) }}
{{ fromyaml('a: [1, yes, 2024-01-02]') }} {{ toyaml({'a': [1, 'x']}) }}
{{ local_md5('x') }} {{ set([1, 1]) }} {{ set(5, 'none') }} {{ zip([1, 2], 'ab') | list }} {{ fromjson('{', 'bad') }}
{{ diff_of_two_dicts({'a': ['X', 'y'], 'b': ['z']}, {'a': ['x'], 'b': ['Z']}) }}`),
  ).toBe(`{'a': [1, 1.0, None]} {"a": [2], "b": 1}
{'a': [1, True, datetime.date(2024, 1, 2)]} a:
- 1
- x

9dd4e461268c8034f5c8564e155c67a6 {1} none [(1, 'a'), (2, 'b')] bad
{'a': ['y']}`)
})

test('a relation answers its parts and makes others', async () => {
  expect(
    await compiled(`{% set r = api.Relation.create(database='d', schema='s', identifier='i', type='view') -%}
{{ r }} {{ r.include(database=false) }} {{ r.quote(identifier=false) }} {{ r.incorporate(path={'identifier': 'j'}) }}
{{ r.replace_path(schema='t') }} {{ r.without_identifier() }} {{ r.is_view }} {{ r.type }} {{ r.matches(schema='s') }}
{{ r.information_schema('tables') }} {{ r.path.schema }} {{ api.Relation.create(identifier='i').schema is none }}
{{ r == api.Relation.create('d', 's', 'i', 'view') }} {{ r.render() }} {{ api.Relation.View }}`),
  ).toBe(`"d"."s"."i" "s"."i" "d"."s".i "d"."s"."j"
"d"."t"."i" "d"."s" True view True
"d".INFORMATION_SCHEMA.tables s True
True "d"."s"."i" view`)
})

test('packages tell a relation from a text by its metadata, and find macros of their own with an underscore', async () => {
  const macro =
    "{% macro _is_relation(obj) %}{{ return(obj is mapping and obj.get('metadata', {}).get('type', '').endswith('Relation')) }}{% endmacro %}"
  expect(
    await compiled(
      "{{ _is_relation(this) }} {{ _is_relation('x') }} {{ shop._is_relation({}) }} {{ context.get('nope') is none }} {{ 'ref' in context }}",
      {
        'macros/is.sql': macro,
      },
    ),
  ).toBe('True False False True True')
})

test('paths are quoted as the project says', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nquoting: { database: false }\n',
    'models/a.sql': 'select 1 as id',
    'models/b.sql': "select * from {{ ref('a') }} -- {{ this }} {{ source('s', 't') }}",
    'models/s.yml': 'sources: [{ name: s, schema: main, tables: [{ name: t }] }]',
  })
  const { manifest } = await folder.dbt('compile')
  expect(manifest.nodes.get('model.shop.b')?.compiled_code).toBe(
    'select * from memory."main"."a" -- memory."main"."b" memory."main"."t"',
  )
})

test('a column answers what dbt-duckdb says of its type', async () => {
  expect(
    await compiled(`{% for type in ['VARCHAR', 'INTEGER', 'DECIMAL(10,2)', 'DOUBLE', 'STRUCT(a VARCHAR, b STRUCT(c INTEGER))'] -%}
{% set c = api.Column.create('n', type) %}{{ c.data_type }} {{ c.is_string() }} {{ c.is_number() }} {{ c.is_float() }} {{ c.flatten() | map(attribute='name') | join(',') }}
{% endfor %}{{ api.Column.create('n', 'INTEGER').literal(1) }}`),
  ).toBe(`character varying(256) True False False n
INTEGER False True False n
DECIMAL(10,2) False False False n
DOUBLE False True True n
STRUCT(a VARCHAR, b STRUCT(c INTEGER)) False False False n.a,n.b.c
1::INTEGER`)
})

test('results keep the types of the database', async () => {
  expect(
    await compiled(`{% set t = run_query("select 1.50::decimal(9,2) as d, date '2024-03-01' as day, timestamp '2024-03-01 10:00:00' as at, 2.0::double as f, [1, 2] as l, 'x' as s") -%}
{% if execute %}{% set row = t.rows[0] %}{{ row['d'] }} {{ row.d * 2 }} {{ row[1].year }} {{ row.at.strftime('%H') }} {{ row.at }} {{ row.f }} {{ row.l }}
{{ t.column_names }} {{ t.columns['s'].values() }} {{ t.columns[0].name }} {{ row.values() | length }} {{ t.select(['s']).rows[0].values() }} {{ row.dict().s }}{% endif %}`),
  ).toBe(`1.50 3.00 2024 10 2024-03-01 10:00:00 2.0 [1, 2]
('d', 'day', 'at', 'f', 'l', 's') ('x',) d 6 ('x',) x`)
})

test('the result of a statement is loaded once', async () => {
  const twice = `{% call statement('s', fetch_result=true) %}select 1 as a{% endcall %}{{ load_result('s').data[0][0] }}`
  expect(await compiled(twice)).toBe('1')
  await expect(compiled(`${twice}{{ load_result('s') }}`)).rejects.toMatchObject({
    message: expect.stringContaining('loaded before'),
  })
})

test("a project's macro wins over dbt's own name, which stays reachable as builtins", async () => {
  expect(
    await compiled("{{ ref('b') }} {{ builtins.ref('b') }}", {
      'models/b.sql': 'select 1',
      'macros/ref.sql':
        '{% macro ref(name) %}{% do return(builtins.ref(name).include(database=false)) %}{% endmacro %}',
    }),
  ).toBe('"main"."b" "memory"."main"."b"')
})

test("the adapter's form of a macro wins over a project's general one, and a project's form over both", async () => {
  expect(
    await compiled("{{ dbt.any_value('x') }}", {
      'macros/m.sql': '{% macro default__any_value(e) %}own{% endmacro %}',
    }),
  ).toBe('arbitrary(x)')
  expect(
    await compiled("{{ any_value('x') }}", { 'macros/m.sql': '{% macro duckdb__any_value(e) %}own{% endmacro %}' }),
  ).toBe('own')
})

test('a secret of the environment is refused outside profiles', async () => {
  const environment = { DBT_ENV_SECRET_TOKEN: 'hidden' }
  const error = await compiled("{{ env_var('DBT_ENV_SECRET_TOKEN') }}", {}, { environment }).catch((one: Error) => one)
  expect(String((error as Error).message)).toContain('DBT_ENV_SECRET_TOKEN')
  expect(JSON.stringify(error)).not.toContain('hidden')
})

test('what is not defined answers itself while the project is read and is refused when it runs', async () => {
  const folder = await dbtFolder({ 'models/a.sql': 'select 1,\n  {{ no_such_macro().x[0] }}' })
  expect((await folder.dbt('parse')).exitCode).toBe(0)
  const [result] = (await folder.dbt('compile')).results
  expect(result?.error).toMatchObject({ code: 'JINJA_UNDEFINED', at: { file: 'models/a.sql', line: 2 } })
})

test("an error below a built-in macro is shown at the user's own line, with the stack", async () => {
  const folder = await dbtFolder({ 'models/a.sql': "select 1\n{{ run_query('select nope') }}" })
  const [result] = (await folder.dbt('compile')).results
  expect(result?.error).toMatchObject({ code: 'ENGINE_SQL', at: { file: 'models/a.sql', line: 2 } })
  expect(JSON.stringify(result?.error?.data)).toContain('"macro":"run_query"')
})

test('a text of a YAML file that is one expression keeps its type', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': `name: shop
vars: { on: false, n: 3 }
models:
  shop:
    +enabled: "{{ target.name == 'prod' }}"
    b: { +enabled: true }
`,
    'models/a.sql': 'select 1',
    'models/b/b.sql': "{{ config(tags=var('n') | string) }} select 1",
  })
  const run = await folder.dbt('parse', {}, { target: { name: 'dev' } })
  expect([...run.manifest.nodes.keys()]).toEqual(['model.shop.b'])
})
