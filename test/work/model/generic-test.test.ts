import { expect, test } from 'vitest'
import { readGenericTest } from '../../../src/work/model/read/generic-test.ts'

const at = { file: 'models/schema.yml', line: 3 }
// None of these holds template code.
const asWritten = (text: string): string => text

test('names and hashes of generic tests are those that dbt gives them', () => {
  const values = ['placed', 'shipped', 'completed', 'return_pending', 'returned']
  const accepted = readGenericTest(
    { accepted_values: { values } },
    { kind: 'ref', name: 'orders', column: 'status' },
    at,
    asWritten,
  )
  expect(accepted.name).toBe('accepted_values_orders_status__placed__shipped__completed__return_pending__returned')
  expect(accepted.shortName).toBe('accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758')
  expect(accepted.hash).toBe('be6b5b5ec3')
  const related = readGenericTest(
    { relationships: { to: "ref('customers')", field: 'customer_id' } },
    { kind: 'ref', name: 'orders', column: 'customer_id' },
    at,
    asWritten,
  )
  expect(related).toMatchObject({
    name: 'relationships_orders_customer_id__customer_id__ref_customers_',
    hash: 'c6ec7f58f2',
  })
})

test('arguments below `arguments` and settings below `config` mean the same as beside the name', () => {
  const target = { kind: 'ref', name: 'orders', column: 'status' } as const
  const flat = readGenericTest({ accepted_values: { values: ['a'], severity: 'warn' } }, target, at, asWritten)
  const nested = readGenericTest(
    { accepted_values: { arguments: { values: ['a'] }, config: { severity: 'warn' } } },
    target,
    at,
    asWritten,
  )
  expect(nested).toEqual(flat)
  expect(nested.config).toEqual({ severity: 'warn' })
})

test('a test of a source carries the source in its name', () => {
  const found = readGenericTest(
    'unique',
    { kind: 'source', source: 'raw', name: 'orders', column: 'id' },
    at,
    asWritten,
  )
  expect(found.name).toBe('source_unique_raw_orders_id')
})

test.each([
  [{ unique: null, not_null: null }, /must have one name/],
  [42, /a name or a mapping/],
  [{ unique: { model: 'x' } }, /argument `model`/],
  [{ unique: { severity: 'warn', config: { severity: 'error' } } }, /both in the test/],
])('a test written as %j is refused at its place', (entry, message) => {
  expect(() => readGenericTest(entry, { kind: 'ref', name: 'orders' }, at, asWritten)).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', at, message: expect.stringMatching(message) }),
  )
})
