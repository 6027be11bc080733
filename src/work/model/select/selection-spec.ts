import { MillraceError, nearest } from '../../../base/kernel/index.ts'

/** The ways a part of a selection can find nodes. */
export const SELECTION_METHODS = [
  'fqn',
  'tag',
  'source',
  'path',
  'file',
  'package',
  'config',
  'resource_type',
  'test_type',
  'test_name',
] as const

export type SelectionMethod = (typeof SELECTION_METHODS)[number]

/** One part of a selection, such as `2+tag:nightly+`. Depths count edges; 0 takes none. */
export interface Criterion {
  readonly method: SelectionMethod
  /** What follows a dot of the method: `config.materialized:view` → `['materialized']`. */
  readonly arguments: readonly string[]
  readonly value: string
  readonly upstream: number
  readonly downstream: number
  /** `@`: also everything downstream, and all upstreams of that. */
  readonly childrensParents: boolean
  readonly written: string
}

/** A union of intersections. */
export type SelectionSpec = readonly (readonly Criterion[])[]

const PATTERN = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/

/**
 * Reads dbt's selection grammar: words are a union, commas an intersection, `n+` and `+n` add relatives.
 * @throws MillraceError SELECTOR_INVALID
 */
export function parseSelection(written: string | readonly string[]): SelectionSpec {
  const words = (typeof written === 'string' ? [written] : written).flatMap((text) => text.split(/\s+/)).filter(Boolean)
  return words.map((word) => word.split(',').map(parseCriterion))
}

function parseCriterion(written: string): Criterion {
  const match = PATTERN.exec(written)
  const [, at, above, method, value = '', below] = match ?? []
  if (!match || value === '') {
    throw new MillraceError('SELECTOR_INVALID', `reading the selection "${written}": there is no name in it`, {
      hint: 'Write a name, or method:value; examples: stg_orders, +stg_orders, tag:nightly, path:models/marts, source:raw.orders.',
    })
  }
  if (at && above !== undefined) {
    throw new MillraceError(
      'SELECTOR_INVALID',
      `reading the selection "${written}": "@" and a leading "+" exclude each other`,
      {
        hint: '"@" already takes everything that is needed upstream.',
      },
    )
  }
  const [name = 'fqn', ...rest] = (method ?? guessMethod(value)).split('.')
  return {
    method: knownMethod(name, written),
    arguments: rest,
    value,
    upstream: steps(above),
    downstream: steps(below),
    childrensParents: at !== undefined,
    written,
  }
}

// As dbt guesses: something with a slash is a path, a name with a known ending is a file.
function guessMethod(value: string): string {
  if (value.includes('/')) return 'path'
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

function knownMethod(name: string, written: string): SelectionMethod {
  const method = SELECTION_METHODS.find((known) => known === name)
  if (method) return method
  const [guess] = nearest(name, SELECTION_METHODS, 1)
  throw new MillraceError('SELECTOR_INVALID', `reading the selection "${written}": there is no method "${name}"`, {
    hint: `${guess ? `Did you mean "${guess}"? ` : ''}There are: ${SELECTION_METHODS.join(', ')}.`,
  })
}

function steps(written: string | undefined): number {
  if (written === undefined) return 0
  return written === '' ? Number.POSITIVE_INFINITY : Number(written)
}
