import { createHash } from 'node:crypto'
import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import type { TestMetadata } from '../node.ts'
import { pythonRepr, pythonStr } from '../python-text.ts'
import { isTree, listed, type Tree } from './config-tree.ts'
import { hasTemplate, type RenderText } from './render-yaml.ts'

/** What a generic test is attached to. */
export interface TestTarget {
  readonly kind: 'ref' | 'source'
  /** The section of the properties file it stands in. */
  readonly section?: 'models' | 'seeds' | 'snapshots'
  readonly name: string
  readonly version?: string | number
  readonly source?: string
  readonly column?: string
}

/** A test entry of a properties file, taken apart. */
export interface GenericTest {
  readonly metadata: TestMetadata
  /** The full name, used in the unique id and by selections. */
  readonly name: string
  /** At most 63 characters: the file, and the alias when it differs from the name. */
  readonly shortName: string
  readonly hash: string
  readonly config: Record<string, unknown>
  readonly tags: readonly string[]
  readonly description: string
}

const CONFIG_KEYS = new Set([
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'sql_header',
  'meta',
  'database',
  'schema',
  'alias',
])

/**
 * Reads one entry of `data_tests:`, in each of the forms dbt knows: a name, `{name: {arguments}}`, or a mapping
 * with `test_name`. Arguments may stand directly or below `arguments:`. Names and hashes are dbt's own. Settings are
 * rendered here; arguments when the test is compiled.
 * @throws MillraceError MODEL_INVALID at the place of the entry
 */
export function readGenericTest(entry: unknown, target: TestTarget, at: Place, render: RenderText): GenericTest {
  const { written, values } = takeApart(entry, at)
  const named = /^(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)$/.exec(written)
  const type = named?.[2]
  if (!type) throw invalid(`"${written}" is not the name of a test`, at)
  const namespace = named[1] ?? null
  const own: Record<string, unknown> =
    target.column === undefined ? { ...values } : { ...values, column_name: target.column }
  const nested = own['arguments']
  if (isTree(nested)) {
    delete own['arguments']
    Object.assign(own, nested)
  }
  const config: Record<string, unknown> = {}
  if (own['config'] !== undefined && !isTree(own['config'])) throw invalid('`config` of a test must be a mapping', at)
  for (const [key, value] of Object.entries((own['config'] ?? {}) as Tree)) config[key] = value
  delete own['config']
  for (const key of CONFIG_KEYS) {
    if (own[key] === undefined) continue
    if (config[key] !== undefined) throw invalid(`\`${key}\` stands both in the test and in its \`config\``, at)
    config[key] = own[key]
    delete own[key]
  }
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'string' && hasTemplate(value)) config[key] = render(value, [key])
    if (config[key] === null) delete config[key]
  }
  const custom = own['name']
  const description = typeof own['description'] === 'string' ? own['description'] : ''
  delete own['description']
  delete own['name']
  if ('model' in own) throw invalid('a test must not have an argument `model`: it is the relation it stands under', at)
  // The argument is part of dbt's hash, so its text is dbt's to the letter.
  const version = target.version === undefined ? '' : `, version='${target.version}'`
  const call =
    target.kind === 'source' ? `source('${target.source}', '${target.name}')` : `ref('${target.name}'${version})`
  own['model'] = `{{ get_where_subquery(${call}) }}`

  const prefixed = `${namespace === null ? '' : `${namespace}_`}${target.kind === 'source' ? 'source_' : ''}${type}`
  const versioned = target.version === undefined ? target.name : `${target.name}_v${target.version}`
  const subject = target.kind === 'source' ? `${target.source}_${target.name}` : versioned
  const names = typeof custom === 'string' ? { name: custom, shortName: custom } : testNames(prefixed, subject, own)
  if (names.name !== names.shortName && config['alias'] === undefined) config['alias'] = names.shortName
  const metadata: TestMetadata = { namespace, name: type, kwargs: own }
  return {
    metadata,
    ...names,
    hash: testHash(names.name, metadata),
    config,
    tags: listed(config['tags']).map(String),
    description,
  }
}

function takeApart(entry: unknown, at: Place): { written: string; values: Record<string, unknown> } {
  if (typeof entry === 'string') return { written: entry, values: {} }
  if (!isTree(entry)) throw invalid('a test must be a name or a mapping', at)
  const { test_name: direct, ...others } = entry
  if (typeof direct === 'string') return { written: direct, values: others }
  const [first, ...more] = Object.entries(entry)
  if (!first || more.length > 0) {
    throw invalid(`a test must have one name, but this has ${Object.keys(entry).join(', ') || 'none'}`, at)
  }
  const [written, values] = first
  if (values !== null && !isTree(values)) throw invalid(`the arguments of ${written} must be a mapping`, at)
  return { written, values: { ...values } }
}

/** The full name of a test and one of at most 63 characters (dbt: `synthesize_generic_test_names`). */
export function testNames(type: string, subject: string, args: Tree): { name: string; shortName: string } {
  const flat = Object.keys(args)
    .filter((key) => key !== 'model')
    .sort(byCodePoint)
    .flatMap((key) => {
      const value = args[key]
      if (isTree(value)) return Object.values(value)
      return Array.isArray(value) ? value : [value]
    })
  const unique = flat.map((value) => pythonStr(value).replace(/[^0-9a-zA-Z_]+/g, '_')).join('__')
  const identifier = `${type}_${subject}`
  const name = `${identifier}_${unique}`
  return { name, shortName: name.length >= 64 ? `${identifier.slice(0, 30)}_${md5(name)}` : name }
}

function testHash(name: string, metadata: TestMetadata): string {
  return md5(name + pythonRepr(hashable(metadata))).slice(-10)
}

function hashable(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(hashable)
  if (!isTree(data)) return pythonStr(data)
  const keys = Object.keys(data).sort(byCodePoint)
  return Object.fromEntries(keys.map((key) => [key, hashable(data[key])]))
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

function invalid(message: string, at: Place): MillraceError {
  return new MillraceError('MODEL_INVALID', `reading a data test: ${message}`, {
    at,
    hint: 'Forms: `- unique`, or `- accepted_values: { arguments: { values: [a, b] }, config: { severity: warn } }`.',
  })
}
