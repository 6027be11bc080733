import { matchesGlob } from '../glob.ts'
import type { Selectable } from '../selectable.ts'
import { refused, type SelectionMethodOf, textOf } from './selection-method.ts'

/** `test_name:`: the generic test's name, or a unit test's own. */
export const byTestName: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) => {
    if (node.resource_type === 'unit_test') return matchesGlob(node.name, value)
    return node.resource_type === 'test' && !!node.test_metadata && matchesGlob(node.test_metadata.name, value)
  }
}

const isGeneric = (node: Selectable): boolean => node.resource_type === 'test' && !!node.test_metadata
const isSingular = (node: Selectable): boolean => node.resource_type === 'test' && !node.test_metadata

const TEST_TYPES: Readonly<Record<string, (node: Selectable) => boolean>> = {
  generic: isGeneric,
  schema: isGeneric,
  singular: isSingular,
  data: (node) => node.resource_type === 'test',
  unit: (node) => node.resource_type === 'unit_test',
}

/** `test_type:generic`, `singular`, `data` (both) or `unit`. */
export const byTestType: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  const test = Object.hasOwn(TEST_TYPES, value) ? TEST_TYPES[value] : undefined
  if (!test)
    throw refused(criterion, `there is no type of test "${value}"`, 'There are: generic, singular, data, unit.')
  return test
}
