import { Dict, DictView, isMapping, mappingEntries, PythonSet } from './dict.ts'
import { Float, floatText } from './float.ts'
import { Markup } from './markup.ts'
import { CALL, isPlainObject, protocolOf, REPR, STR, TYPE_NAME } from './protocol.ts'
import { OneShot, Range, Tuple } from './sequence.ts'
import { Undefined } from './undefined.ts'

/** Python's `str`: what `{{ value }}` prints. */
export function str(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Undefined) return value.print()
  return protocolOf(value)?.[STR]?.() ?? repr(value)
}

/** Python's `repr`: how a value prints inside a list. */
export function repr(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      return Number.isInteger(value) ? wholeText(value) : floatText(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return value.toString()
    case 'undefined':
      return 'Undefined'
    case 'symbol':
      return value.toString()
    default:
      return value === null ? 'None' : objectText(value as object)
  }
}

function wholeText(value: number): string {
  return Number.isSafeInteger(value) ? String(value + 0) : BigInt(value).toString()
}

function objectText(value: object): string {
  if (value instanceof Markup) return `Markup(${quoted(value.text)})`
  const own = protocolOf(value)?.[REPR]?.() ?? protocolOf(value)?.[STR]?.()
  if (own !== undefined) return own
  if (Array.isArray(value)) return once(value, '[...]', () => `[${value.map(repr).join(', ')}]`)
  if (value instanceof Undefined) return 'Undefined'
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Tuple) return `(${value.items.map(repr).join(', ')}${value.items.length === 1 ? ',' : ''})`
  if (isMapping(value)) {
    const entries = (): string[] => mappingEntries(value).map(([key, item]) => `${repr(key)}: ${repr(item)}`)
    return once(value, '{...}', () => `{${entries().join(', ')}}`)
  }
  if (value instanceof PythonSet) return value.members.size === 0 ? 'set()' : `{${[...value].map(repr).join(', ')}}`
  if (value instanceof DictView) return `dict_${value.kind}([${[...value].map(repr).join(', ')}])`
  if (value instanceof Range) {
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`
  }
  if (value instanceof OneShot) return `<${value.kind} object>`
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'function') return `<function ${value.name}>`
  const text = (value as { toString?: () => string }).toString?.()
  return text === undefined || text === '[object Object]' ? `<${typeName(value)} object>` : text
}

/** The lists and dicts that are being shown: one that holds itself is shown once. */
const showing = new Set<object>()

function once(value: object, again: string, show: () => string): string {
  if (showing.has(value)) return again
  showing.add(value)
  try {
    return show()
  } finally {
    showing.delete(value)
  }
}

/** As Python prints a `datetime` in UTC. */
function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return 'NaT'
  const [day = '', time = ''] = value.toISOString().split('T')
  const fraction = value.getUTCMilliseconds()
  return `${day} ${time.slice(0, 8)}${fraction ? `.${String(fraction).padStart(3, '0')}000` : ''}+00:00`
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  const body = text.replace(/[\\\n\r\t\u0000-\u001f\u007f-\u00a0\u00ad]/g, (character) => {
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote
}

/** The name of a value's Python type, as error messages give it. */
export function typeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (value === undefined || value instanceof Undefined) return 'Undefined'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  const own = protocolOf(value)
  if (own?.[TYPE_NAME]) return own[TYPE_NAME]
  if (Array.isArray(value)) return 'list'
  if (value instanceof Float) return 'float'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Dict || isPlainObject(value) || value instanceof Map) return 'dict'
  if (value instanceof PythonSet) return 'set'
  if (value instanceof DictView) return `dict_${value.kind}`
  if (value instanceof Range) return 'range'
  if (value instanceof OneShot) return value.kind
  if (typeof value === 'function' || own?.[CALL]) return 'function'
  return (value as object).constructor?.name ?? 'object'
}
