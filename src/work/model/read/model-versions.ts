import { z } from 'zod'
import { MillraceError, once, type Place } from '../../../base/kernel/index.ts'
import type { ColumnInfo } from '../node.ts'
import type { Patch, TestEntry } from './properties.ts'

/** Which version of a model a patch is for. */
export interface PatchVersion {
  readonly v: string | number
  readonly latest: string | number
  /** Names of files, without ending, that may hold it; the first that exists does. */
  readonly files: readonly string[]
}

const versions = once(() =>
  z.array(
    z.looseObject({
      v: z.union([z.string(), z.number()]),
      defined_in: z.string().nullish(),
      description: z.string().nullish(),
      config: z.record(z.string(), z.unknown()).nullish(),
      access: z.string().nullish(),
      docs: z.record(z.string(), z.json()).nullish(),
      deprecation_date: z.unknown().optional(),
      constraints: z.array(z.json()).nullish(),
      columns: z.array(z.looseObject({ name: z.string().optional() })).nullish(),
    }),
  ),
)

/** How `columns:` of a version are read: by the reader of properties, at their place in the file. */
export interface VersionParts {
  columns(index: number): Record<string, ColumnInfo>
  tests(index: number): readonly TestEntry[]
}

/**
 * The patches of a model's versions: what is said of the model, with what is said of the version over it.
 * @throws MillraceError MODEL_INVALID
 */
export function versionPatches(
  patch: Patch,
  written: { readonly versions: unknown; readonly latest: unknown },
  parts: VersionParts,
  at: Place,
): Patch[] {
  const parsed = versions().safeParse(written.versions)
  if (!parsed.success || parsed.data.length === 0) {
    throw new MillraceError('MODEL_INVALID', `reading the versions of ${patch.name}: each needs a \`v\``, {
      at,
      hint: 'Write versions: [{ v: 1 }, { v: 2, defined_in: orders_next }].',
    })
  }
  const latest = (written.latest as string | number | undefined | null) ?? newest(parsed.data.map(({ v }) => v))
  if (!parsed.data.some(({ v }) => String(v) === String(latest))) {
    throw new MillraceError(
      'MODEL_INVALID',
      `reading the versions of ${patch.name}: latest_version ${String(latest)} is none of them`,
      { at, hint: `There are: ${parsed.data.map(({ v }) => v).join(', ')}.` },
    )
  }
  return parsed.data.map((one, index): Patch => {
    const own: Record<string, unknown> = { ...patch.config, ...one.config }
    if (one.access) own['access'] = one.access
    const columns = chosen(patch.columns, one.columns ?? [], parts.columns(index))
    const tests = parts.tests(index)
    const ofModel = tests.some(({ column }) => column === undefined)
      ? []
      : patch.tests.filter(({ column }) => column === undefined)
    const ownColumns = new Set(tests.map(({ column }) => column))
    const inherited = patch.tests.filter(
      ({ column }) => column !== undefined && unquoted(column) in columns && !ownColumns.has(column),
    )
    return {
      ...patch,
      description: one.description ?? patch.description,
      config: own,
      written: { ...patch.written, ...one.config, ...(one.access ? { access: one.access } : {}) },
      columns,
      tests: [...ofModel, ...inherited, ...tests],
      constraints: one.constraints ?? patch.constraints,
      deprecationDate: one.deprecation_date === undefined ? patch.deprecationDate : dateText(one.deprecation_date),
      version: {
        v: one.v,
        latest,
        files: [
          one.defined_in ?? `${patch.name}_v${one.v}`,
          // The latest may stand in a file without a number.
          ...(String(one.v) === String(latest) ? [patch.name] : []),
        ],
      },
    }
  })
}

/** A date of a properties file as dbt's manifest has it. */
export function dateText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return value instanceof Date ? value.toISOString() : String(value)
}

/** The model's columns that a version includes, then its own. */
function chosen(
  base: Record<string, ColumnInfo>,
  written: readonly Record<string, unknown>[],
  own: Record<string, ColumnInfo>,
): Record<string, ColumnInfo> {
  const rule = written.find((one) => one['include'] !== undefined || one['exclude'] !== undefined)
  const include = rule?.['include'] ?? 'all'
  const exclude = Array.isArray(rule?.['exclude']) ? rule['exclude'] : []
  const all = include === 'all' || include === '*'
  const kept = Object.entries(base).filter(
    ([name]) => (all || (Array.isArray(include) && include.includes(name))) && !exclude.includes(name),
  )
  return { ...Object.fromEntries(kept), ...own }
}

function unquoted(column: string): string {
  return column.replace(/^"(.*)"$/, '$1')
}

function newest(all: readonly (string | number)[]): string | number {
  const numbers = all.every((v) => !Number.isNaN(Number(v)))
  return [...all].sort((a, b) => (numbers ? Number(a) - Number(b) : String(a) < String(b) ? -1 : 1)).at(-1) ?? ''
}
