import { ANY_ROW, type Comparison, type RowCondition } from '../../row-condition.ts'
import type { BinaryOperator, Expression } from './expression.ts'

/**
 * What can be told of files by an expression that rows must meet; the rest of it stands for any row.
 * @param columnOf the `memberPath` of what a path names in the table; undefined for columns of others
 */
export function expressionCondition(
  expression: Expression,
  columnOf: (path: readonly string[]) => string | undefined,
): RowCondition {
  const of = (one: Expression): RowCondition => expressionCondition(one, columnOf)
  const named = (one: Expression) => (one.kind === 'column' ? columnOf(one.path)?.toLowerCase() : undefined)
  switch (expression.kind) {
    case 'binary': {
      const { op, left, right } = expression
      if (op === 'and' || op === 'or') return { kind: op, of: [of(left), of(right)] }
      const [column, other, is] =
        named(left) === undefined ? [named(right), left, MIRRORED[op]] : [named(left), right, COMPARISONS[op]]
      return column === undefined || !is ? ANY_ROW : compared(column, is, other)
    }
    case 'in': {
      const column = named(expression.arg)
      return column === undefined
        ? ANY_ROW
        : { kind: 'or', of: expression.items.map((item) => compared(column, 'eq', item)) }
    }
    case 'is':
      return nullness(expression, true)
    case 'not':
      return expression.arg.kind === 'is' ? nullness(expression.arg, false) : ANY_ROW
    default:
      return ANY_ROW
  }

  function nullness({ what, arg }: Expression & { kind: 'is' }, isNull: boolean): RowCondition {
    const column = named(arg)
    return what === 'null' && column !== undefined ? { kind: 'null', column, isNull } : ANY_ROW
  }
}

const COMPARISONS: Partial<Record<BinaryOperator, Comparison>> = {
  '=': 'eq',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}
const MIRRORED: Partial<Record<BinaryOperator, Comparison>> = {
  '=': 'eq',
  '<': 'gt',
  '<=': 'ge',
  '>': 'lt',
  '>=': 'le',
}

function compared(column: string, is: Comparison, other: Expression): RowCondition {
  if (other.kind !== 'literal' || other.value === null) return ANY_ROW
  return { kind: 'compare', column, is, value: String(other.value), type: other.type.kind }
}
