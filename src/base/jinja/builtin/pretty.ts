import { ascending } from '../python/compare.ts'
import { isMapping, mappingEntries } from '../python/dict.ts'
import { PythonError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { repr, typeName } from '../python/text.ts'

const WIDTH = 80

/** Python's `pprint.pformat`: dicts by their keys, one member a line where a line would be longer than 80 characters. */
export function pretty(value: unknown): string {
  return shape(value, 0, 0)
}

function shape(value: unknown, indent: number, allowance: number): string {
  const flat = oneLine(value)
  if (indent + flat.length + allowance <= WIDTH) return flat
  if (isMapping(value)) {
    const entries = sorted(value)
    const lines = entries.map(([key, one], index) => {
      const name = `${repr(key)}: `
      const rest = index === entries.length - 1 ? allowance + 1 : 1
      return name + shape(one, indent + 1 + name.length, rest)
    })
    return `{${lines.join(`,\n${' '.repeat(indent + 1)}`)}}`
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined
  if (!items) return flat
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['(', items.length === 1 ? ',)' : ')']
  const lines = items.map((one, index) =>
    shape(one, indent + 1, index === items.length - 1 ? allowance + close.length : 1),
  )
  return `${open}${lines.join(`,\n${' '.repeat(indent + 1)}`)}${close}`
}

function oneLine(value: unknown): string {
  if (isMapping(value))
    return `{${sorted(value)
      .map(([key, one]) => `${repr(key)}: ${oneLine(one)}`)
      .join(', ')}}`
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (!(value instanceof Tuple)) return repr(value)
  return `(${value.items.map(oneLine).join(', ')}${value.items.length === 1 ? ',' : ''})`
}

/** Keys that have no order among each other are put by the names of their types. */
function sorted(value: Parameters<typeof mappingEntries>[0]): [unknown, unknown][] {
  return mappingEntries(value).sort(([left], [right]) => {
    try {
      return ascending(left, right)
    } catch (error) {
      if (!(error instanceof PythonError)) throw error
      return typeName(left) < typeName(right) ? -1 : typeName(left) > typeName(right) ? 1 : 0
    }
  })
}
