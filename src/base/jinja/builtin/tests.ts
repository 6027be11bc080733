import { operate } from '../python/arithmetic.ts'
import { contains, equals, order, same } from '../python/compare.ts'
import { Decimal } from '../python/decimal.ts'
import { isMapping, keyOf } from '../python/dict.ts'
import { isFloat, isInt } from '../python/float.ts'
import { CALL, MAPPING, native, protocolOf } from '../python/protocol.ts'
import { str } from '../python/text.ts'
import { isIterable, isSequence } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'
import type { Context } from '../runtime/context.ts'

type Test = (value: unknown, other: unknown) => boolean

const equal: Test = (value, other) => equals(value, other)
const unequal: Test = (value, other) => !equals(value, other)
const less: Test = (value, other) => order(value, '<', other)
const lessOrEqual: Test = (value, other) => order(value, '<=', other)
const greater: Test = (value, other) => order(value, '>', other)
const greaterOrEqual: Test = (value, other) => order(value, '>=', other)

/** Jinja's tests by name. */
export const TESTS: Readonly<Record<string, unknown>> = {
  odd: (value: unknown) => equals(operate('%', value, 2), 1),
  even: (value: unknown) => equals(operate('%', value, 2), 0),
  divisibleby: (value: unknown, by: unknown) => equals(operate('%', value, by), 0),
  defined: (value: unknown) => !(value instanceof Undefined),
  undefined: (value: unknown) => value instanceof Undefined,
  filter: native('filter', ({ args, caller }) => (caller as Context).environment.filters.has(keyOf(args[0]) as string)),
  test: native('test', ({ args, caller }) => (caller as Context).environment.tests.has(keyOf(args[0]) as string)),
  none: (value: unknown) => value === null,
  boolean: (value: unknown) => typeof value === 'boolean',
  false: (value: unknown) => value === false,
  true: (value: unknown) => value === true,
  integer: (value: unknown) => isInt(value),
  float: (value: unknown) => isFloat(value),
  lower: (value: unknown) => /\p{Ll}/u.test(str(value)) && !/[\p{Lu}\p{Lt}]/u.test(str(value)),
  upper: (value: unknown) => /\p{Lu}/u.test(str(value)) && !/[\p{Ll}\p{Lt}]/u.test(str(value)),
  string: (value: unknown) => typeof value === 'string',
  mapping: (value: unknown) => isMapping(value) || protocolOf(value)?.[MAPPING] === true,
  number: (value: unknown) => isInt(value) || isFloat(value) || typeof value === 'boolean' || value instanceof Decimal,
  sequence: (value: unknown) => isSequence(value),
  iterable: (value: unknown) => isIterable(value),
  callable: (value: unknown) =>
    // Undefined has a __call__ in Python: one that raises.
    typeof value === 'function' || value instanceof Undefined || protocolOf(value)?.[CALL] !== undefined,
  sameas: (value: unknown, other: unknown) => same(value, other),
  escaped: () => false,
  in: (value: unknown, container: unknown) => contains(container, value),
  '==': equal,
  eq: equal,
  equalto: equal,
  '!=': unequal,
  ne: unequal,
  '>': greater,
  gt: greater,
  greaterthan: greater,
  ge: greaterOrEqual,
  '>=': greaterOrEqual,
  '<': less,
  lt: less,
  lessthan: less,
  '<=': lessOrEqual,
  le: lessOrEqual,
}
