import type { DataType } from '../../../../base/kernel/index.ts'

/** An expression of a Delta table (a constraint, a generated column, a condition), in the grammar of Spark SQL. */
export type Expression =
  /** A column, perhaps with the table's name before it, and members of structs behind it. */
  | { readonly kind: 'column'; readonly path: readonly string[] }
  /** Numbers, dates and times as text. */
  | { readonly kind: 'literal'; readonly value: string | boolean | null; readonly type: DataType }
  | { readonly kind: 'not' | 'negative'; readonly arg: Expression }
  | { readonly kind: 'binary'; readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'is'; readonly what: 'null' | 'true' | 'false'; readonly arg: Expression }
  | { readonly kind: 'in'; readonly arg: Expression; readonly items: readonly Expression[] }
  | {
      readonly kind: 'like'
      readonly op: 'like' | 'ilike' | 'rlike'
      readonly arg: Expression
      readonly pattern: Expression
    }
  | {
      readonly kind: 'case'
      readonly operand?: Expression
      readonly branches: readonly { readonly when: Expression; readonly value: Expression }[]
      readonly otherwise?: Expression
    }
  | { readonly kind: 'cast'; readonly arg: Expression; readonly to: DataType; readonly tries: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '<=>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | 'div'
  | '||'

/** The columns that an expression names, each path once. */
export function columnsIn(expression: Expression): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  const visit = (one: Expression): void => {
    if (one.kind === 'column') found.set(one.path.join('\0').toLowerCase(), one.path)
    for (const inner of partsOf(one)) visit(inner)
  }
  visit(expression)
  return [...found.values()]
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return []
    case 'not':
    case 'negative':
    case 'is':
    case 'cast':
      return [expression.arg]
    case 'binary':
      return [expression.left, expression.right]
    case 'in':
      return [expression.arg, ...expression.items]
    case 'like':
      return [expression.arg, expression.pattern]
    case 'call':
      return expression.args
    case 'case': {
      const { operand, branches, otherwise } = expression
      const inner = branches.flatMap(({ when, value }) => [when, value])
      return [...(operand ? [operand] : []), ...inner, ...(otherwise ? [otherwise] : [])]
    }
  }
}
