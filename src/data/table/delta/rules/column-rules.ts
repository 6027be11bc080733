import { type Field, MillraceError } from '../../../../base/kernel/index.ts'

/** What a table computes of a column when the rows lack it (Delta protocol, "Generated Columns", "Identity Columns", "Default Columns"). */
export type ComputedColumn =
  | { readonly kind: 'generated'; readonly expression: string }
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'default'; readonly expression: string }

/** Numbers that a table gives to its rows. */
export interface Identity {
  readonly start: bigint
  readonly step: bigint
  /** The last number given; absent before the first. */
  readonly highWaterMark?: bigint
  /** Whether rows may bring their own. */
  readonly allowsExplicit: boolean
}

export const GENERATION = 'delta.generationExpression'
export const DEFAULT = 'CURRENT_DEFAULT'
export const HIGH_WATER_MARK = 'delta.identity.highWaterMark'
export const INVARIANTS = 'delta.invariants'
export const CONSTRAINT = 'delta.constraints.'

/** What the table computes of a column; undefined for one that the rows must bring (or that is null). */
export function computedColumn(field: Field): ComputedColumn | undefined {
  const notes = field.metadata ?? {}
  if (typeof notes[GENERATION] === 'string') return { kind: 'generated', expression: notes[GENERATION] }
  const [start, step] = [notes['delta.identity.start'], notes['delta.identity.step']]
  if (start !== undefined || step !== undefined) {
    const mark = notes[HIGH_WATER_MARK]
    return {
      kind: 'identity',
      identity: {
        start: whole(start ?? 1, field),
        step: whole(step ?? 1, field),
        allowsExplicit: notes['delta.identity.allowExplicitInsert'] === true,
        ...(mark === undefined || mark === null ? {} : { highWaterMark: whole(mark, field) }),
      },
    }
  }
  return typeof notes[DEFAULT] === 'string' ? { kind: 'default', expression: notes[DEFAULT] } : undefined
}

function whole(value: unknown, { name }: Field): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `numbering the rows of column "${name}" from ${String(value)}`, {
    hint: 'Identity columns are written with numbers below 2^53.',
    data: { features: ['identityColumns'] },
  })
}
