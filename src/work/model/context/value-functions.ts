import { createHash } from 'node:crypto'
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml'
import {
  bind,
  Dict,
  dumpJson,
  float,
  int,
  isIterable,
  iterable,
  type NativeFunction,
  native,
  OneShot,
  PYTHON_MODULES,
  PythonDate,
  PythonSet,
  params,
  str,
  Tuple,
} from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import { pythonTags } from '../../../base/project/index.ts'
import { plainData } from './plain-data.ts'

/** The functions of dbt's templates that make values of values and know nothing of the project. */
export const VALUE_FUNCTIONS: Readonly<Record<string, unknown>> = {
  modules: PYTHON_MODULES,
  set: params(
    (value: unknown, otherwise: unknown = null) => (isIterable(value) ? setOf(value) : otherwise),
    ['value', 'default'],
  ),
  set_strict: params((value: unknown) => setOf(value), ['value']),
  zip: native('zip', ({ args, kwargs }) => (args.every(isIterable) ? zipped(args) : (kwargs['default'] ?? null))),
  zip_strict: native('zip_strict', ({ args }) => zipped(args)),
  local_md5: params((value: unknown) => createHash('md5').update(str(value)).digest('hex'), ['value']),
  fromjson: reading(['string', 'default'], fromJson),
  fromyaml: reading(['value', 'default'], fromYaml),
  tojson: writing((value, sorted) => dumpJson(value, { sortKeys: sorted })),
  toyaml: writing((value, sorted) => toYaml(value, sorted)),
  diff_of_two_dicts: params(difference, ['dict_a', 'dict_b']),
}

function setOf(value: unknown): PythonSet {
  return new PythonSet(iterable(value))
}

function zipped(args: readonly unknown[]): OneShot {
  const lists = args.map((value) => [...iterable(value)])
  const size = Math.min(...lists.map((list) => list.length))
  const rows = lists.length === 0 ? 0 : size
  return new OneShot(
    Array.from({ length: rows }, (_, index) => new Tuple(lists.map((list) => list[index]))),
    'zip',
  )
}

/** A function that answers its default, or none, for text it cannot read. */
function reading(names: readonly string[], read: (text: string) => unknown): NativeFunction {
  return native(names[0] ?? '', ({ args, kwargs }) => {
    const [text, otherwise = null] = bind('fromjson', names, args, kwargs)
    try {
      return read(str(text))
    } catch {
      return otherwise
    }
  })
}

function writing(write: (value: unknown, sorted: boolean) => string): NativeFunction {
  return native('tojson', ({ args, kwargs }) => {
    const [value, otherwise = null, sorted = false] = bind('tojson', ['value', 'default', 'sort_keys'], args, kwargs)
    try {
      return write(value, sorted === true)
    } catch (error) {
      if (otherwise !== null) return otherwise
      throw error
    }
  })
}

/** What JSON or YAML gives, in Python's terms: `1.0` stays a float, and keys keep their order. */
function fromJson(text: string): unknown {
  // `context.source` tells 1.0 from 1 (https://tc39.es/proposal-json-parse-with-source).
  const revive = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source
    if (typeof value === 'number') {
      if (source === undefined) return value
      return /[.e]/i.test(source) ? float(value) : int(BigInt(source))
    }
    return ordered(value)
  }
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown) as unknown
}

function fromYaml(text: string): unknown {
  return pythonValue(
    parseYaml(text, {
      version: '1.1',
      customTags: pythonTags,
      merge: true,
      intAsBigInt: true,
      logLevel: 'error',
    }) as unknown,
  )
}

function pythonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return int(value)
  if (typeof value === 'number') return float(value)
  if (value instanceof Date) {
    return value.getTime() % 86_400_000 === 0 ? new PythonDate(value.getTime() / 86_400_000) : value
  }
  if (Array.isArray(value)) return value.map(pythonValue)
  if (value !== null && typeof value === 'object') {
    return new Dict(Object.entries(value).map(([key, one]) => [key, pythonValue(one)] as const))
  }
  return value ?? null
}

function ordered(value: unknown): unknown {
  const plain = value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
  return plain ? new Dict(Object.entries(value)) : value
}

/** As PyYAML's `safe_dump` lays it out. */
function toYaml(value: unknown, sorted: boolean): string {
  return stringifyYaml(plainData(value), {
    version: '1.1',
    indentSeq: false,
    singleQuote: true,
    lineWidth: 80,
    sortMapEntries: sorted,
  })
}

/** For each key of the first, the members that the second's list lacks; keys without any are left out. */
function difference(first: unknown, second: unknown): Dict {
  const given = plainData(first) as Record<string, unknown>
  const known = plainData(second) as Record<string, unknown>
  if (given === null || typeof given !== 'object' || known === null || typeof known !== 'object') {
    throw new MillraceError('JINJA_TYPE', 'diff_of_two_dicts() takes two dicts of lists')
  }
  const lower = new Map(
    Object.entries(known).map(([key, list]) => [
      key.toLowerCase(),
      listOf(list).map((one) => String(one).toLowerCase()),
    ]),
  )
  const found = Object.entries(given).map(([key, list]) => {
    const others = lower.get(key.toLowerCase())
    if (!others) return [key, list] as const
    return [key, listOf(list).filter((one) => !others.includes(String(one).toLowerCase()))] as const
  })
  return new Dict(found.filter(([, list]) => !Array.isArray(list) || list.length > 0))
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}
