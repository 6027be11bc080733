import { ascending } from '../python/compare.ts'
import { isMapping, mappingEntries } from '../python/dict.ts'
import { Float, floatText } from '../python/float.ts'
import { isText } from '../python/markup.ts'
import { typeError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { typeName } from '../python/text.ts'

export interface DumpOptions {
  /** Spaces a level; one line when absent. */
  readonly indent?: number
  readonly sortKeys?: boolean
}

/** Python's `json.dumps`: `, ` and `: ` between, everything but ASCII escaped. @throws PythonError `TypeError` */
export function dumpJson(value: unknown, options: DumpOptions = {}): string {
  return dump(value, options, '')
}

function dump(value: unknown, options: DumpOptions, margin: string): string {
  if (value === null) return 'null'
  if (isText(value)) return quote(value.toString())
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof Float) return floatText(value.value)
  if (typeof value === 'number') return numberText(value)
  const inner = options.indent === undefined ? '' : margin + ' '.repeat(options.indent)
  const wrap = (open: string, parts: readonly string[], close: string): string => {
    if (parts.length === 0) return open + close
    if (options.indent === undefined) return open + parts.join(', ') + close
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
  }
  if (Array.isArray(value) || value instanceof Tuple) {
    return wrap(
      '[',
      Array.from(value, (item) => dump(item, options, inner)),
      ']',
    )
  }
  if (isMapping(value)) {
    const written = mappingEntries(value)
    // By the keys themselves: numbers by size, and keys of several types have no order.
    if (options.sortKeys) written.sort(([a], [b]) => ascending(a, b))
    const entries = written.map(([key, item]) => [keyText(key), item] as const)
    return wrap(
      '{',
      entries.map(([key, item]) => `${quote(key)}: ${dump(item, options, inner)}`),
      '}',
    )
  }
  throw typeError(`Object of type ${typeName(value)} is not JSON serializable`)
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function keyText(key: unknown): string {
  if (isText(key)) return key.toString()
  if (key === null || typeof key === 'boolean' || typeof key === 'number' || key instanceof Float) {
    return dump(key, {}, '')
  }
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
