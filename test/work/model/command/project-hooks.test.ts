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
