import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

/** What a model's template says in a run. */
async function said(expression: string, options: object = {}, files: Record<string, string> = {}): Promise<string> {
  const folder = await dbtFolder({
    'models/m.sql': `{% if execute %}{% set told = namespace(x='') %}select '{{ (${expression}) | string | replace("'", "''") }}' as told{% else %}select 1 as told{% endif %}`,
    ...files,
  })
  const run = await folder.dbt('run', options)
  expect(run.results.flatMap(({ error }) => error?.message ?? [])).toEqual([])
  const [row] = await folder.rows('select told from m')
  return row?.[0] ?? ''
}

test('every name of dbt’s context is there', async () => {
  const names = [
    '_sql_results adapter adapter_macro api builtins column compiled_code config context database dbt_metadata_envs dbt_version',
    'defer_relation env env_var exceptions execute flags fromjson fromyaml function graph invocation_args_dict invocation_id',
    'load_agate_table load_result local_md5 log metric model modules post_hooks pre_hooks print project_name ref render return',
    'run_started_at schema selected_resources set set_strict source sql sql_now store_raw_result store_result submit_python_job',
    'target this thread_id tojson toyaml try_or_compiler_error validation var write zip zip_strict diff_of_two_dicts',
  ]
  expect(await said(`'${names.join(' ')}'.split(' ') | reject('in', context.keys() | list) | join(' ')`)).toBe('')
})

test.each([
  ["selected_resources | join(' ')", 'model.shop.m'],
  [
    "graph.keys() | sort | join(' ')",
    'exposures functions groups metrics nodes saved_queries semantic_models sources unit_tests',
  ],
  ["render('{{ 1 + 1 }}')", '2'],
  ['model.contract.enforced', 'False'],
  ['env.schema', 'main'],
  ['sql_now[:2]', '20'],
  ["this.scd_args('id', 'at') | join(' ')", 'id at'],
  ["this.create(identifier='x').identifier", 'x'],
  ["api.Column.create('a', 'varchar').string_type(5)", 'character varying(5)'],
  ['defer_relation', 'None'],
  ["fromyaml('a: [1')", 'None'],
  ["fromjson('{', 5)", '5'],
  ["adapter.quote_as_configured('a', 'identifier')", '"a"'],
  ["adapter.valid_incremental_strategies() | join(' ')", 'append delete+insert merge microbatch'],
  ["adapter.check_schema_exists(target.database, 'MAIN')", 'True'],
])('%s is %s', async (expression, told) => {
  expect(await said(expression)).toBe(told)
})

test('all arguments of the command are told by dbt’s names', async () => {
  const options = { fullRefresh: true, select: 'm', flags: { printer_width: 40 } }
  const told = JSON.parse(await said('invocation_args_dict | tojson', options)) as Record<string, unknown>
  expect(told).toMatchObject({ which: 'run', full_refresh: true, select: ['m'], vars: {}, printer_width: 40 })
  expect(told).toMatchObject({ introspect: true, indirect_selection: 'eager', warn_error_options: { error: [] } })
  expect(Object.keys(told)).not.toContain('fail_fast')
})
