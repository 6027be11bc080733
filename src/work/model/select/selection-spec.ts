import { MillraceError, unknownName } from '../../../base/kernel/index.ts'

/** The ways a part of a selection can find nodes, by dbt's names. */
export const SELECTION_METHODS = [
  'fqn',
  'tag',
  'group',
  'access',
  'source',
  'path',
  'file',
  'package',
  'config',
  'test_name',
  'test_type',
  'resource_type',
  'state',
  'exposure',
  'metric',
  'result',
  'source_status',
  'version',
  'semantic_model',
  'saved_query',
  'unit_test',
  'selector',
] as const

export type SelectionMethod = (typeof SELECTION_METHODS)[number]

/**
 * Which tests come along with a selected node: those of any selected upstream (`eager`), only those of which every
 * upstream is selected (`cautious`), those whose upstreams are selected or above a selected one (`buildable`), or
 * none (`empty`).
 */
export type IndirectSelection = (typeof INDIRECT_SELECTIONS)[number]

export const INDIRECT_SELECTIONS = ['eager', 'cautious', 'buildable', 'empty'] as const

/** One part of a selection, such as `2+tag:nightly+`. Depths count edges; 0 takes none. */
export interface Criterion {
  readonly kind: 'criterion'
  readonly method: SelectionMethod
  /** What follows a dot of the method: `config.materialized:view` → `['materialized']`. */
  readonly arguments: readonly string[]
  /** A text, except where a YAML selector gives another value to compare a setting with. */
  readonly value: unknown
  readonly upstream: number
  readonly downstream: number
  /** `@`: also everything downstream, and all upstreams of that. */
  readonly childrensParents: boolean
  readonly indirect: IndirectSelection
  readonly written: string
}

/** A set operation over selections; a difference takes the other parts from the first. */
export interface SelectionGroup {
  readonly kind: 'union' | 'intersection' | 'difference'
  readonly parts: readonly SelectionSpec[]
  readonly indirect: IndirectSelection
  /** Whether a warning is due when it selects nothing. */
  readonly expected: boolean
  readonly written: string
}

export type SelectionSpec = Criterion | SelectionGroup

/** The parts of a single criterion as they are written, for commands and YAML selectors alike. */
export const CRITERION_PATTERN = /^(@)?(?:(\d*)\+)?(?:([\w.]+):)?(.*?)(?:\+(\d*))?$/s

/**
 * Reads dbt's selection grammar: words are a union, commas an intersection, `n+` and `+n` add relatives.
 * @throws MillraceError SELECTOR_INVALID
 */
export function parseSelection(
  written: string | readonly string[],
  indirect: IndirectSelection = 'eager',
): SelectionGroup {
  const words = (typeof written === 'string' ? [written] : written).flatMap((text) => text.split(/\s+/)).filter(Boolean)
  const parts = words.map((word): SelectionGroup => {
    const criteria = word.split(',').map((part) => parseCriterion(part, indirect))
    return { kind: 'intersection', parts: criteria, indirect, expected: true, written: word }
  })
  return { kind: 'union', parts, indirect, expected: false, written: words.join(' ') }
}

/**
 * Reads one criterion.
 * @throws MillraceError SELECTOR_INVALID
 */
export function parseCriterion(written: string, indirect: IndirectSelection = 'eager'): Criterion {
  const [, at, above, method, value = '', below] = CRITERION_PATTERN.exec(written) ?? []
  if (value === '') {
    throw new MillraceError('SELECTOR_INVALID', `reading the selection "${written}": there is no name in it`, {
      hint: 'Write a name, or method:value; examples: stg_orders, +stg_orders, tag:nightly, path:models/marts, source:raw.orders.',
    })
  }
  if (at !== undefined && below !== undefined) {
    throw new MillraceError(
      'SELECTOR_INVALID',
      `reading the selection "${written}": "@" and a "+" at the end exclude each other`,
      { hint: '"@" takes everything downstream already, and what that needs.' },
    )
  }
  const [name = 'fqn', ...rest] = (method ?? guessedMethod(value)).split('.')
  return {
    kind: 'criterion',
    method: knownMethod(name, written),
    arguments: rest,
    value,
    upstream: steps(above),
    downstream: steps(below),
    childrensParents: at !== undefined,
    indirect,
    written,
  }
}

/** As dbt guesses: something with a slash is a path, a name with a known ending is a file. */
export function guessedMethod(value: string): SelectionMethod {
  if (value.includes('/')) return 'path'
  return /\.(sql|py|csv)$/i.test(value) ? 'file' : 'fqn'
}

/** @throws MillraceError SELECTOR_INVALID */
export function knownMethod(name: string, written: string): SelectionMethod {
  const method = SELECTION_METHODS.find((known) => known === name)
  if (method) return method
  throw unknownName('SELECTOR_INVALID', `reading the selection "${written}": the method`, name, SELECTION_METHODS)
}

function steps(written: string | undefined): number {
  if (written === undefined) return 0
  return written === '' ? Number.POSITIVE_INFINITY : Number(written)
}
