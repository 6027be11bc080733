import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { Typed } from '../../compile/scope.ts'
import { digitsOf } from '../result-type.ts'

// Spark gives every result of decimals a type with room for all of its digits, and a cast to it after each operation
// costs more than the operation: beyond 18 digits DuckDB computes in 128 bits. Within an expression only the value
// counts, so it is held in DuckDB's own type there, with the same scale, and cast where others see it.

/** A decimal as DuckDB's operators hold it: of the scale of its type, and perhaps with fewer or more digits. */
export interface HeldDecimal {
  /** Left out where the function's usual form is right. */
  readonly sql?: Sql
  /** The digits of the type that DuckDB gives it. */
  readonly held: number
}

/** That numbers will be small: where 64 bits may be too few for a result, DuckDB fails and never gives a wrong one. */
export interface Hope {
  /** Whether anything was compiled by it. */
  taken: boolean
}

/** How a function holds decimals; undefined for other arguments, or where its usual form is right and gives its type. */
export type Holding = (
  args: readonly Typed[],
  to: Extract<DataType, { kind: 'decimal' }>,
  hope: Hope | undefined,
) => HeldDecimal | undefined

/** Digits that DuckDB keeps in 64 bits, and in 128. */
const NARROW = 18
const WIDE = 38

/** Takes decimals as they are held, and gives no such. */
export const TAKES: Holding = () => undefined

/** DuckDB's sums have all digits there are. */
export const TOTAL: Holding = ([of]) => (of?.type?.kind === 'decimal' ? { held: WIDE } : undefined)

/** One of the values. */
export const ONE_OF: Holding = ([of]) => (of?.held === undefined ? undefined : { held: of.held })

interface Operand {
  readonly sql: Sql
  readonly precision: number
  readonly scale: number
}

/** A decimal as it is held, or a whole number as one; undefined for other types. */
function operandOf({ sql: of, type, held }: Typed): Operand | undefined {
  if (type === undefined) return undefined
  if (type.kind === 'decimal') return { sql: of, precision: held ?? type.precision, scale: type.scale }
  const digits = digitsOf(type, of)
  return digits && { ...digits, sql: as(of, digits.precision, digits.scale) }
}

function as(of: Sql, precision: number, scale: number): Sql {
  return sql`cast(${of} as ${trusted(`decimal(${precision},${scale})`)})`
}

/** An operand with so many digits that DuckDB computes in 128 bits. */
const widened = ({ sql: of, precision, scale }: Operand): Sql =>
  precision > NARROW ? of : as(of, Math.max(NARROW + 1, precision), scale)

/** A sum or difference whose scale is the operands' greater one. */
export function heldSum(sign: '+' | '-'): Holding {
  return ([a, b], to, hope) => {
    const [one, two] = [a && operandOf(a), b && operandOf(b)]
    if (!one || !two) return undefined
    const scale = Math.max(one.scale, two.scale)
    const digits = Math.max(one.precision - one.scale, two.precision - two.scale) + scale
    if (to.scale !== scale || digits > WIDE) return undefined
    const computed = (left: Sql) => sql`(${left} ${trusted(sign)} ${two.sql})`
    if (digits < NARROW) return { sql: computed(one.sql), held: digits + 1 }
    if (Math.max(one.precision, two.precision) > NARROW)
      return { sql: computed(one.sql), held: Math.min(WIDE, digits + 1) }
    if (hope && digits === NARROW) {
      hope.taken = true
      return { sql: computed(one.sql), held: NARROW }
    }
    return { sql: computed(widened(one)), held: Math.min(WIDE, Math.max(NARROW + 1 + two.scale, digits) + 1) }
  }
}

/** A product of all digits behind the point. */
export const heldProduct: Holding = ([a, b], to, hope) => {
  const [one, two] = [a && operandOf(a), b && operandOf(b)]
  if (!one || !two || one.scale + two.scale !== to.scale) return undefined
  const digits = one.precision + two.precision
  const narrow = Math.max(one.precision, two.precision) <= NARROW
  if (digits <= NARROW) return { sql: sql`(${one.sql} * ${two.sql})`, held: digits }
  if (hope && narrow && to.scale < NARROW) {
    hope.taken = true
    return { sql: sql`(${one.sql} * ${two.sql})`, held: NARROW }
  }
  const left = narrow ? widened(one) : one.sql
  return { sql: sql`(${left} * ${two.sql})`, held: Math.min(WIDE, Math.max(NARROW + 1, one.precision) + two.precision) }
}

/** Values for one column of decimals of a scale, each with no more digits than it needs. */
export function heldTogether(
  values: readonly Typed[],
  scale: number,
): { readonly values: readonly Sql[]; readonly held: number } | undefined {
  let held = 1
  const sqls: Sql[] = []
  for (const value of values) {
    if (value.type?.kind === 'null') {
      sqls.push(value.sql)
      continue
    }
    const operand = operandOf(value)
    const digits = operand && operand.precision - operand.scale + scale
    if (!operand || digits === undefined || digits > WIDE || operand.scale > scale) return undefined
    sqls.push(operand.scale === scale ? operand.sql : as(value.sql, digits, scale))
    held = Math.max(held, digits)
  }
  return { values: sqls, held }
}

/** Whether DuckDB compares all digits of these decimals and whole numbers by itself. */
export function comparedAsHeld(values: readonly Typed[]): boolean {
  const operands = values.map(operandOf)
  if (!values.some(({ type }) => type?.kind === 'decimal')) return false
  let [before, behind] = [0, 0]
  for (const operand of operands) {
    if (!operand) return false
    before = Math.max(before, operand.precision - operand.scale)
    behind = Math.max(behind, operand.scale)
  }
  return before + behind <= WIDE
}
