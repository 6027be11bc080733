import { Decimal } from './decimal.ts'
import { DictView, isMapping, mappingEntries, PythonSet } from './dict.ts'
import { Float } from './float.ts'
import { Markup } from './markup.ts'
import { OneShot, Range, Tuple } from './sequence.ts'
import { str } from './text.ts'
import { Undefined } from './undefined.ts'

/**
 * A template's value as plain JavaScript: dicts become objects (keys as text), tuples, sets, ranges and generators
 * arrays, whole floats and decimals numbers, `Undefined` becomes `undefined`. Other objects, and functions, stay what they are.
 */
export function toJavaScript(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Undefined) return undefined
  if (value instanceof Float) return value.value
  if (value instanceof Markup) return value.text
  if (value instanceof Decimal) return value.toNumber()
  if (Array.isArray(value)) return value.map(toJavaScript)
  if (isMapping(value)) {
    return Object.fromEntries(mappingEntries(value).map(([key, item]) => [str(key), toJavaScript(item)]))
  }
  const several =
    value instanceof Tuple ||
    value instanceof PythonSet ||
    value instanceof Range ||
    value instanceof DictView ||
    value instanceof OneShot
  return several ? Array.from(value, toJavaScript) : value
}
