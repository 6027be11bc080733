import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openState, type State } from '../../../../src/base/state/index.ts'
import type { ValidationResult } from '../../../../src/work/quality/index.ts'
import {
  dataDocs,
  keepValidation,
  readColumnScores,
  readHistory,
  resultDocs,
} from '../../../../src/work/quality/index.ts'

let folder: string
let state: State
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-history-'))
  state = await openState(join(folder, 'state.db'), {})
})
afterAll(async () => {
  await state[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

type Outcome = readonly [column: string, severity: 'critical' | 'warning' | 'info', success: boolean]

function validation(run_time: string, ...outcomes: readonly Outcome[]): ValidationResult {
  const results = outcomes.map(([column, severity, success], i) => ({
    success,
    expectation_config: { type: 'expect_column_values_to_not_be_null', kwargs: { column, n: i }, meta: {}, severity },
    result: {
      element_count: 10,
      unexpected_count: success ? 0 : 3,
      partial_unexpected_list: ['</script><b>secret@x.example'],
    },
    meta: {},
    exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
  }))
  const met = results.filter(({ success }) => success).length
  return {
    success: met === results.length,
    suite_name: 'orders',
    results,
    statistics: { evaluated_expectations: results.length, successful_expectations: met, unsuccessful_expectations: results.length - met, success_percent: 0 }, // biome-ignore format: one line
    suite_parameters: {},
    meta: { run_id: { run_name: null, run_time } },
  }
}

test('a validation is kept with a score by severity, for the table and for each column, without values of rows', async () => {
  const first = validation(
    '2024-01-01T00:00:00Z',
    ['a', 'critical', true],
    ['a', 'critical', false],
    ['b', 'info', true],
  )
  const second = validation('2024-01-02T00:00:00Z', ['a', 'critical', true], ['b', 'warning', false])
  await keepValidation(state, 'raw.orders', first)
  await keepValidation(state, 'raw.orders', second)
  await keepValidation(state, 'raw.users', validation('2024-01-03T00:00:00Z', ['c', 'critical', true]))
  const [latest, earlier, ...others] = await readHistory(state, { dataset: 'raw.orders' })
  expect(others).toEqual([])
  expect(latest).toMatchObject({ runTime: '2024-01-02T00:00:00Z', success: false, evaluated: 2, met: 1, score: 66.7 })
  expect(earlier).toMatchObject({ runTime: '2024-01-01T00:00:00Z', evaluated: 3, met: 2, score: 52.4 })
  expect(earlier?.results[1]).toEqual({ type: 'expect_column_values_to_not_be_null', kwargs: { column: 'a', n: 1 }, severity: 'critical', success: false, elements: 10, unexpected: 3 }) // biome-ignore format: one line
  expect(JSON.stringify(await readHistory(state))).not.toContain('secret@x.example')
  const scores = await readColumnScores(state, 'raw.orders')
  expect(scores.map(({ column, score }) => `${column} ${score}`)).toEqual(['a 100', 'b 0', 'a 50', 'b 100'])
  expect(await readHistory(state, { limit: 1 })).toMatchObject([{ dataset: 'raw.users' }])
})

test('data docs are one page with nothing beside it, and names are never taken for markup', async () => {
  const hostile = '</script><img src=x onerror=alert(1)>'
  const kept = await readHistory(state)
  const page = dataDocs([{ ...kept[0], dataset: hostile } as never, ...kept], { title: hostile, madeAt: new Date(0) })
  expect(page).not.toContain('<img')
  expect(page.match(/<script/g)).toHaveLength(2)
  expect(page).not.toMatch(/(src|href)=["']?http/)
  const [, data = ''] = /<script type="application\/json" id="data">([\s\S]*?)<\/script>/.exec(page) ?? []
  expect(JSON.parse(data)).toMatchObject({ texts: [hostile, 'orders', 'raw.users', 'raw.orders'] })
})

test('the page of a result at hand shows examples of its values, which the history never keeps', async () => {
  const result = validation('2024-02-01T00:00:00Z', ['a', 'critical', false])
  const timed = { ...result, meta: { ...result.meta, milliseconds: 41.6, dataset: 'raw.shown' } }
  expect(resultDocs([timed], { title: 'shown', madeAt: new Date(0) })).toContain('secret@x.example')
  await keepValidation(state, 'raw.shown', timed)
  const [kept] = await readHistory(state, { dataset: 'raw.shown' })
  expect(kept?.milliseconds).toBe(42)
  expect(kept?.day).toBeUndefined()
  await keepValidation(state, 'raw.shown', { ...timed, meta: { ...timed.meta, batch_date: '2024-01-15' } })
  await keepValidation(state, 'raw.same', { ...timed, meta: { ...timed.meta, batch_date: '2024-02-01' } })
  const days = (await readHistory(state))
    .filter(({ runTime }) => runTime === '2024-02-01T00:00:00Z')
    .map(({ day }) => day)
  expect(days.filter(Boolean)).toEqual(['2024-01-15'])
  expect(dataDocs(kept ? [kept] : [], { title: 'kept', madeAt: new Date(0) })).not.toContain('secret@x.example')
})

test('an expectation that comes again is written once: three thousand validations stay small', async () => {
  const [one] = await readHistory(state, { dataset: 'raw.orders' })
  const many = Array.from({ length: 3000 }, (_, i) => ({ ...one, runTime: new Date(i * 3_600_000).toISOString() }))
  const page = dataDocs(many as never, { title: 'many', madeAt: new Date(0) })
  expect(page.length / many.length).toBeLessThan(100)
})
