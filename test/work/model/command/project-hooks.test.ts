import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('hooks of packages run before those of the project, and the last see what was built', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': `name: shop
on-run-start: "insert into said values ('{{ var('word') }} {{ project_name }}')"
on-run-end:
  - "{% for schema in schemas %}insert into said values ('schema {{ schema }}');{% endfor %}"
  - "{% for one in results %}insert into said values ('{{ one.node.name }} {{ one.status }}');{% endfor %}"
vars: { word: root, part: { word: package } }
`,
    'dbt_packages/part/dbt_project.yml':
      'name: part\non-run-start: ["create table said (what varchar)", "insert into said values (\'{{ var(\'word\') }}\')"]\n',
    'models/a.sql': "{{ config(schema='x') }} select 1 as id",
    'models/b.sql': 'select nope',
  })
  await folder.dbt('run', { threads: 1 })
  expect((await folder.rows('select what from said')).flat()).toEqual([
    'package',
    'root shop',
    'schema main_x',
    'schema main',
    'a success',
    'b error',
  ])
})

const HOOKED = {
  'dbt_project.yml': `name: hooked
on-run-start:
  - "create table if not exists audit (e varchar)"
  - "{% if var('fail_start', false) %}select * from missing_start{% else %}insert into audit values ('start'){% endif %}"
on-run-end:
  - "insert into audit values ('{{ results | length }} {{ schemas | join(',') }} {{ adapter.config.quoting.database }}')"
  - "{% for one in results %}insert into audit values ('{{ one.node.config.materialized }} {{ one.adapter_response._message }}');{% endfor %}"
  - "{% if var('fail_end', false) %}select * from missing_end{% endif %}"
  - "insert into audit values ('end')"
`,
  'models/a.sql': 'select 1 as x',
  'models/b.sql': "select * from {{ ref('a') }}",
}

/** What dbt-core 1.12.6 with dbt-duckdb 1.11.1 writes of the same project, `hooked.` left out. */
const ENDS = {
  '{}': {
    a: 'success',
    b: 'success',
    'on-run-start': ['passed 0', 'passed 0'],
    'on-run-end': Array(4).fill('passed 0'),
  },
  '{"fail_start":true}': {
    a: 'skipped',
    b: 'skipped',
    'on-run-start': ['passed 0', 'failed, error: 1'],
    'on-run-end': Array(4).fill('passed 0'),
  },
  '{"fail_end":true}': {
    a: 'success',
    b: 'success',
    'on-run-start': ['passed 0', 'passed 0'],
    'on-run-end': ['passed 0', 'passed 0', 'failed, error: 1', 'skipped 1'],
  },
}

test.each(Object.entries(ENDS))('hooks are results and nodes as in dbt, with variables %s', async (vars, ends) => {
  const folder = await dbtFolder(HOOKED)
  const run = await folder.dbt('run', { threads: 1, vars: JSON.parse(vars) })
  expect(run.exitCode).toBe(vars === '{}' ? 0 : 1)
  const hooks = run.results.filter((one) => one.resource_type === 'operation')
  const told = (moment: 'on-run-start' | 'on-run-end') =>
    hooks.flatMap(({ name, message, failures }) => {
      const at = name.startsWith(`hooked-${moment}-`) ? name.at(-1) : undefined
      const head = `hooked.${moment}.${at} `
      if (at === undefined) return []
      expect(message?.startsWith(head)).toBe(true)
      return [`${message?.slice(head.length).split('\n', 1)[0]} ${failures}`]
    })
  const statuses = Object.fromEntries(
    run.results.flatMap(({ name, status, resource_type: kind }) => (kind === 'model' ? [[name, status]] : [])),
  )
  expect({ ...statuses, 'on-run-start': told('on-run-start'), 'on-run-end': told('on-run-end') }).toEqual(ends)
  expect(hooks.map(({ unique_id: id }) => run.manifest.nodes.get(id)?.resource_type)).toEqual(
    Array(6).fill('operation'),
  )
  expect((await folder.rows('select e from audit')).flat()).toEqual(
    vars === '{"fail_start":true}'
      ? ['0  True', 'end']
      : ['start', '2 main True', 'view OK', 'view OK', ...(vars === '{}' ? ['end'] : [])],
  )
})
