import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { asMillraceError, type Json, MillraceError, type Place, unknownName } from '../../base/kernel/index.ts'
import { checked, importModule, readYaml, type YamlFile } from '../../base/project/index.ts'

/** How bad it is when an expectation is not met (Great Expectations 1.7). */
export const SEVERITIES = ['critical', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** One expectation as a suite states it. */
export interface ExpectationConfig {
  readonly type: string
  readonly kwargs: Readonly<Record<string, Json>>
  readonly meta: Readonly<Record<string, Json>>
  readonly severity: Severity
  readonly id?: string
  readonly notes?: Json
  /** Where it stands. */
  readonly at: Place
  /** Why it cannot be judged, whatever the data are: the others of the suite are. */
  readonly defect?: MillraceError
  /** Where one of its arguments stands; absent for expectations that no file holds. */
  readonly placeOf?: (argument: string) => Place
}

/** A named list of expectations. */
export interface Suite {
  readonly name: string
  readonly file: string
  readonly expectations: readonly ExpectationConfig[]
  readonly meta: Readonly<Record<string, Json>>
  /** Values for `{"$PARAMETER": "name"}` in the suite itself (0.x: evaluation_parameters). */
  readonly parameters: Readonly<Record<string, Json>>
}

const json = z.json() as unknown as z.ZodType<Json>
const record = z.record(z.string(), json)

const expectationShape = z
  .looseObject({
    type: z.string().optional(),
    expectation_type: z.string().optional(),
    kwargs: record.nullish(),
    meta: record.nullish(),
    severity: z.enum(SEVERITIES).nullish(),
    id: z.string().nullish(),
    notes: json.nullish(),
  })
  .refine(({ type, expectation_type }) => type !== undefined || expectation_type !== undefined, {
    error: 'an expectation needs "type" (0.x suites: "expectation_type")',
  })

const suiteShape = z.looseObject({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(z.unknown()),
  meta: record.nullish(),
  evaluation_parameters: record.nullish(),
  suite_parameters: record.nullish(),
})

/**
 * Reads a suite of Great Expectations 1.x (`type`, `name`) or 0.x (`expectation_type`,
 * `expectation_suite_name`), as JSON or YAML.
 * An expectation that is not written as one has a `defect`; the others are read.
 * @throws MillraceError SUITE_INVALID with line and column, when the file holds no list of expectations
 */
export async function readSuite(file: string): Promise<Suite> {
  const source = await readYaml(file, 'SUITE_INVALID')
  const data = checked(source, suiteShape, 'SUITE_INVALID')
  const expectations = data.expectations.map((_, index): ExpectationConfig => {
    const { item, defect } = statedAt(source, index)
    // GX 1.x keeps severity beside kwargs; suites migrated by hand have it in meta.
    const severity = item.severity ?? SEVERITIES.find((name) => name === item.meta?.severity) ?? 'critical'
    return {
      type: item.type ?? item.expectation_type ?? '',
      kwargs: item.kwargs ?? {},
      meta: item.meta ?? {},
      severity,
      at: source.place(['expectations', index]),
      placeOf: (argument) => source.place(['expectations', index, 'kwargs', argument]),
      ...(defect ? { defect } : {}),
      ...(item.id ? { id: item.id } : {}),
      ...(item.notes === undefined || item.notes === null ? {} : { notes: item.notes }),
    }
  })
  return {
    name: data.name ?? data.expectation_suite_name ?? basename(file, extname(file)),
    file,
    expectations,
    meta: data.meta ?? {},
    parameters: { ...data.evaluation_parameters, ...data.suite_parameters },
  }
}

/**
 * All suites below a folder, by name; none when the folder does not exist.
 * @throws MillraceError SUITE_INVALID, also when two files hold suites of one name
 */
export async function loadSuites(dir: string): Promise<Map<string, Suite>> {
  const suites = new Map<string, Suite>()
  for (const suite of [...(await writtenSuites(dir)), ...(await definedSuites(dir))]) {
    const { file } = suite
    const other = suites.get(suite.name)
    if (other) {
      throw new MillraceError('SUITE_INVALID', `reading ${file}: ${other.file} holds a suite "${suite.name}" too`, {
        at: { file, path: 'name' },
        hint: 'Give each suite a name of its own.',
      })
    }
    suites.set(suite.name, suite)
  }
  return suites
}

async function writtenSuites(dir: string): Promise<Suite[]> {
  return Promise.all((await filesOf(dir)).map(readSuite))
}

/** The suites that files in TypeScript or JavaScript export by default, one or a list: see `defineSuite`. */
async function definedSuites(dir: string): Promise<Suite[]> {
  const found: Suite[] = []
  for (const file of await filesOf(dir, /(?<!\.test|\.d)\.(ts|mts|js|mjs)$/)) {
    const { default: exported } = await importModule(file, 'SUITE_INVALID')
    for (const one of [exported].flat() as Partial<Suite>[]) {
      if (typeof one?.name !== 'string' || !Array.isArray(one.expectations)) {
        throw new MillraceError('SUITE_INVALID', `${file} exports no suite by default`, {
          at: { file },
          hint: "Write export default defineSuite({ name: 'orders', expectations: [ … ] }).",
        })
      }
      const expectations = (one as Suite).expectations.map((each) => ({ ...each, at: { ...each.at, file } }))
      found.push({ ...(one as Suite), file, expectations })
    }
  }
  return found
}

/** One expectation of a file; what of it cannot be read is a defect of its own. */
function statedAt(
  source: YamlFile,
  index: number,
): { readonly item: z.output<typeof expectationShape>; readonly defect?: MillraceError } {
  const path = ['expectations', index]
  try {
    return { item: checked(source, expectationShape, 'EXPECTATION_INVALID', path) }
  } catch (thrown) {
    const given = (source.data as { readonly expectations: readonly unknown[] }).expectations[index]
    const { type, expectation_type } = (given ?? {}) as { readonly type?: unknown; readonly expectation_type?: unknown }
    const name = [type, expectation_type].find((one) => typeof one === 'string')
    return { item: { type: name ?? '' }, defect: asMillraceError(thrown) }
  }
}

/**
 * A suite by name.
 * @throws MillraceError SUITE_NOT_FOUND naming the suites there are
 */
export function suiteNamed(suites: ReadonlyMap<string, Suite>, name: string, at?: Place): Suite {
  const suite = suites.get(name)
  if (suite) return suite
  throw unknownName('SUITE_NOT_FOUND', 'suite', name, suites.keys(), at ? { at } : {})
}

/** Files below a folder, JSON and YAML unless told, sorted; hidden ones (GX keeps `.ge_store_backend_id`) are left out. */
export async function filesOf(dir: string, named = /\.(json|ya?ml)$/): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && named.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
