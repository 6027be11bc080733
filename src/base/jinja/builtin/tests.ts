import { operate } from '../python/arithmetic.ts'
import { contains, equals, order, same } from '../python/compare.ts'
import { Decimal } from '../python/decimal.ts'
import { isMapping, keyOf } from '../python/dict.ts'
import { htmlOf } from '../python/escape.ts'
import { isFloat, isInt } from '../python/float.ts'
import { isText } from '../python/markup.ts'
import { builtin } from '../python/method.ts'
import { allKeeping, CALL, MAPPING, protocolOf } from '../python/protocol.ts'
import { typeError } from '../python/python-error.ts'
import { str } from '../python/text.ts'
import { isIterable, isSequence } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'
import type { Context } from '../runtime/context.ts'

type Test = (value: unknown, other: unknown) => boolean

/** A test of a value against another. */
function against(test: Test): Test {
  return (value, other) => {
    if (other === undefined) throw typeError('the test needs a value to compare with')
    return test(value, other)
  }
}

const equal = against(equals)
const unequal = against((value, other) => !equals(value, other))
const less = against((value, other) => order(value, '<', other))
const lessOrEqual = against((value, other) => order(value, '<=', other))
const greater = against((value, other) => order(value, '>', other))
const greaterOrEqual = against((value, other) => order(value, '>=', other))

/** Jinja's tests by name. */
export const TESTS: Readonly<Record<string, unknown>> = allKeeping({
  odd: (value: unknown) => equals(operate('%', value, 2), 1),
  even: (value: unknown) => equals(operate('%', value, 2), 0),
  divisibleby: against((value, by) => equals(operate('%', value, by), 0)),
  defined: (value: unknown) => !(value instanceof Undefined),
  undefined: (value: unknown) => value instanceof Undefined,
  filter: builtin('filter', ({ args, caller }) =>
    (caller as Context).environment.filters.has(keyOf(args[0]) as string),
  ),
  test: builtin('test', ({ args, caller }) => (caller as Context).environment.tests.has(keyOf(args[0]) as string)),
  none: (value: unknown) => value === null,
  boolean: (value: unknown) => typeof value === 'boolean',
  false: (value: unknown) => value === false,
  true: (value: unknown) => value === true,
  integer: (value: unknown) => isInt(value),
  float: (value: unknown) => isFloat(value),
  lower: (value: unknown) => /\p{Ll}/u.test(str(value)) && !/[\p{Lu}\p{Lt}]/u.test(str(value)),
  upper: (value: unknown) => /\p{Lu}/u.test(str(value)) && !/[\p{Ll}\p{Lt}]/u.test(str(value)),
  string: (value: unknown) => isText(value),
  mapping: (value: unknown) => isMapping(value) || protocolOf(value)?.[MAPPING] === true,
  number: (value: unknown) => isInt(value) || isFloat(value) || typeof value === 'boolean' || value instanceof Decimal,
  sequence: (value: unknown) => isSequence(value),
  iterable: (value: unknown) => isIterable(value instanceof Undefined ? value.allow() : value),
  callable: (value: unknown) =>
    // Undefined has a __call__ in Python: one that raises.
    typeof value === 'function' || value instanceof Undefined || protocolOf(value)?.[CALL] !== undefined,
  sameas: against(same),
  escaped: (value: unknown) => htmlOf(value) !== undefined,
  in: against((value, container) => contains(container, value)),
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
})
