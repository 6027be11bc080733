import { type Json, MillraceError } from '../../base/kernel/index.ts'

type Members = Readonly<Record<string, Json>>
type Test = (value: Json, schema: Members, root: Json) => boolean

/**
 * Whether a value is as a JSON Schema says: the assertions of draft 2020-12 and the older `items` array,
 * `additionalItems`, `definitions` and `dependencies`; `$ref` within the schema; formats are not checked, as
 * jsonschema for Python does not. Source: JSON Schema 2020-12, Core and Validation.
 * @throws MillraceError EXPECTATION_INVALID for a $ref that leads nowhere or out of the schema, or a bad pattern
 */
export function jsonSchemaCheck(schema: Json): (value: Json) => boolean {
  visit(schema, schema)
  return (value) => allows(value, schema, schema)
}

function allows(value: Json, schema: Json, root: Json): boolean {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return true
  if (typeof schema.$ref === 'string' && !allows(value, follow(schema.$ref, root), root)) return false
  return TESTS.every((test) => test(value, schema, root))
}

const ofAny: Test = (value, schema, root) => {
  const each = (key: string) => list(schema[key]).map((one) => allows(value, one, root))
  if ('allOf' in schema && !each('allOf').every(Boolean)) return false
  if ('anyOf' in schema && !each('anyOf').some(Boolean)) return false
  if ('oneOf' in schema && each('oneOf').filter(Boolean).length !== 1) return false
  if ('not' in schema && allows(value, schema.not ?? null, root)) return false
  if (!('if' in schema)) return true
  const branch = allows(value, schema.if ?? null, root) ? schema.then : schema.else
  return branch === undefined || allows(value, branch, root)
}

const ofType: Test = (value, schema) => {
  const types = typeof schema.type === 'string' ? [schema.type] : list(schema.type)
  if (schema.type !== undefined && !types.some((type) => isOf(value, type))) return false
  if (Array.isArray(schema.enum) && !list(schema.enum).some((one) => same(one, value))) return false
  return !('const' in schema) || same(schema.const ?? null, value)
}

const ofNumber: Test = (value, schema) => {
  if (typeof value !== 'number') return true
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = schema
  if (typeof minimum === 'number' && (above === true ? value <= minimum : value < minimum)) return false
  if (typeof maximum === 'number' && (below === true ? value >= maximum : value > maximum)) return false
  if (typeof above === 'number' && value <= above) return false
  if (typeof below === 'number' && value >= below) return false
  return typeof step !== 'number' || Number.isInteger(value / step)
}

const ofText: Test = (value, schema) => {
  if (typeof value !== 'string') return true
  if (!counts([...value].length, schema.minLength, schema.maxLength)) return false
  return typeof schema.pattern !== 'string' || new RegExp(schema.pattern, 'u').test(value)
}

const ofArray: Test = (value, schema, root) => {
  if (!Array.isArray(value)) return true
  const items = value as readonly Json[]
  if (!counts(items.length, schema.minItems, schema.maxItems)) return false
  const tuple = list(schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : []))
  const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items
  const fit = items.every((item, index) => allows(item, tuple[index] ?? rest ?? true, root))
  if (!fit) return false
  if (schema.uniqueItems === true && new Set(items.map(canonical)).size < items.length) return false
  if (schema.contains === undefined) return true
  const found = items.filter((item) => allows(item, schema.contains ?? true, root)).length
  return counts(found, schema.minContains ?? 1, schema.maxContains)
}

const ofObject: Test = (value, schema, root) => {
  if (!isObject(value)) return true
  const names = Object.keys(value)
  const has = (name: Json) => Object.hasOwn(value, String(name))
  if (!counts(names.length, schema.minProperties, schema.maxProperties)) return false
  if (!list(schema.required).every(has)) return false
  const named = members(schema.properties)
  const patterns = Object.entries(members(schema.patternProperties))
  for (const name of names) {
    const item = value[name] ?? null
    const found = patterns.filter(([pattern]) => new RegExp(pattern, 'u').test(name)).map(([, one]) => one)
    if (Object.hasOwn(named, name)) found.push(named[name] ?? true)
    if (found.length === 0) found.push(schema.additionalProperties ?? true)
    if (!found.every((one) => allows(item, one, root))) return false
    if (schema.propertyNames !== undefined && !allows(name, schema.propertyNames, root)) return false
  }
  const dependent = { ...members(schema.dependencies), ...members(schema.dependentRequired) }
  for (const [name, needed] of Object.entries({ ...dependent, ...members(schema.dependentSchemas) })) {
    if (has(name) && !(Array.isArray(needed) ? list(needed).every(has) : allows(value, needed, root))) return false
  }
  return true
}

const TESTS: readonly Test[] = [ofAny, ofType, ofNumber, ofText, ofArray, ofObject]

function counts(count: number, least: Json | undefined, most: Json | undefined): boolean {
  return !(typeof least === 'number' && count < least) && !(typeof most === 'number' && count > most)
}

function isOf(value: Json, type: Json): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function members(value: Json | undefined): Members {
  return isObject(value) ? value : {}
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function same(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b)
}

/** JSON with the members of objects in order of their names. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const sorted = Object.keys(value).sort()
  return `{${sorted.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join()}}`
}

function follow(ref: string, root: Json): Json {
  if (ref === '#') return root
  const path = ref.startsWith('#/') ? ref.slice(2).split('/') : undefined
  let found: Json | undefined = path ? root : undefined
  for (const step of path ?? []) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    found = Array.isArray(found) ? (found as readonly Json[])[Number(name)] : members(found)[name]
  }
  if (found !== undefined) return found
  throw refused(`json_schema: $ref ${JSON.stringify(ref)} leads nowhere within the schema`)
}

/** Finds bad references and patterns before any row is read. */
function visit(schema: Json, root: Json): void {
  if (Array.isArray(schema)) for (const one of schema as readonly Json[]) visit(one, root)
  if (!isObject(schema)) return
  if (typeof schema.$ref === 'string') follow(schema.$ref, root)
  for (const pattern of [schema.pattern, ...Object.keys(members(schema.patternProperties))]) {
    if (typeof pattern !== 'string') continue
    try {
      new RegExp(pattern, 'u')
    } catch (cause) {
      throw refused(`json_schema: the pattern ${JSON.stringify(pattern)} cannot be read`, cause)
    }
  }
  for (const one of Object.values(schema)) visit(one, root)
}

function refused(what: string, cause?: unknown): MillraceError {
  return new MillraceError('EXPECTATION_INVALID', what, {
    hint: 'Write references as "#/$defs/name" and patterns in JavaScript syntax.',
    ...(cause === undefined ? {} : { cause }),
  })
}
