import { expect, test } from 'vitest'
import { warningPolicy } from '../../../../src/work/model/command/warning-policy.ts'
import { dbtFolder } from '../dbt-folder.ts'

test.each([
  [{}, false, 'warn'],
  [{}, true, 'error'],
  [{ error: 'all' }, false, 'error'],
  [{ include: '*' }, false, 'error'],
  [{ error: ['NothingToDo'] }, false, 'warn'],
  [{ error: ['JinjaLogWarning'] }, false, 'error'],
  [{ error: 'all', warn: ['JinjaLogWarning'] }, false, 'warn'],
  [{ include: 'all', exclude: ['JinjaLogWarning'] }, false, 'warn'],
  [{ error: ['JinjaLogWarning'], silence: ['JinjaLogWarning'] }, false, 'silence'],
  [{ silence: ['JinjaLogWarning'] }, true, 'silence'],
] as const)('with %o and --warn-error %s a warning of a template is %s', (options, warnError, fate) => {
  expect(warningPolicy(warnError, options)('JinjaLogWarning')).toBe(fate)
})

test.each([
  [{ errors: 'all' }, '"errors" is not one of error, warn, silence'],
  [{ error: 'some' }, 'error is a list of names, or all'],
  [{ error: 'all', include: 'all' }, 'error is given twice'],
  [{ warn: ['NothingToDo'] }, 'warn can only be given together with error: all'],
])('%o is refused', (options, message) => {
  expect(() => warningPolicy(false, options)).toThrow(message)
})

test('a warning of a model fails it, and others stay warnings', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{% if execute %}{% do exceptions.warn('look here') %}{% endif %} select 1 as x",
    'models/b.sql': 'select 1 as x',
  })
  const told = () =>
    folder.events.flatMap((event) => (event.kind === 'warning' ? [`${event.name}: ${event.message}`] : []))
  expect(folder.statuses(await folder.dbt('run'))).toEqual({ a: 'success', b: 'success' })
  expect(told()).toEqual(['JinjaLogWarning: look here'])
  const failed = await folder.dbt('run', { warnErrorOptions: { error: ['JinjaLogWarning'] } })
  expect(folder.statuses(failed)).toEqual({ a: 'error', b: 'success' })
  expect(failed.results.find(({ name }) => name === 'a')?.message).toContain('look here')
  folder.events.length = 0
  expect(
    (await folder.dbt('run', { warnError: true, warnErrorOptions: { silence: ['JinjaLogWarning'] } })).exitCode,
  ).toBe(0)
  expect(told()).toEqual([])
  await expect(folder.dbt('run', { select: 'nothing', warnError: true })).rejects.toThrow("'nothing' does not match")
})
