import { MillraceError, type Schema, unknownName } from '../../../../base/kernel/index.ts'
import { id, isSql, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import { memberPath } from '../../parquet-port.ts'
import { ANY_ROW, type RowCondition } from '../../row-condition.ts'
import { columnsIn, type Expression } from './expression.ts'
import { expressionCondition } from './expression-condition.ts'
import { expressionSql, type Resolve } from './expression-sql.ts'
import { parseExpression } from './parse-expression.ts'

/** A condition or a value as the user gives it: text in Spark's SQL, or SQL of the engine. */
export type Given = string | Sql

/** Rows that an expression can name: the alias that qualifies them in the statement, and their columns. */
export interface NamedRows {
  readonly alias: string
  readonly schema: Schema
}

/** What an expression is over; a name that several have must be qualified. */
export class Expressions {
  readonly #rows: readonly NamedRows[]
  readonly #of: ((row: NamedRows, column: string) => Sql) | undefined

  /** @param of how a column of rows is written in the statement; `alias.column` by default */
  constructor(rows: readonly NamedRows[], of?: (row: NamedRows, column: string) => Sql) {
    this.#rows = rows
    this.#of = of
  }

  /** @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED, COLUMN_UNKNOWN, COLUMN_AMBIGUOUS */
  sql(given: Given): Sql {
    if (isSql(given)) return sql`(${given})`
    return expressionSql(parseExpression(given), this.#resolve, given)
  }

  /** What the expression says of the rows under an alias, so far as files can be told by it. */
  condition(given: Given | undefined, alias: string): RowCondition {
    if (given === undefined || isSql(given)) return ANY_ROW
    return expressionCondition(parseExpression(given), (path) => {
      const found = this.#find(path)
      return found.rows.alias === alias ? memberPath([found.column, ...found.rest]) : undefined
    })
  }

  /** The columns of rows that an expression names. */
  columns(given: Given): string[] {
    if (isSql(given)) return []
    return [...new Set(columnsIn(parseExpression(given)).map((path) => this.#find(path).column))]
  }

  /** A part of an expression, as SQL. @param text the whole of it, for messages */
  expression(part: Expression, text: string): Sql {
    return expressionSql(part, this.#resolve, text)
  }

  /** The column of the rows under an alias that an expression is; undefined for anything else. */
  columnOf(part: Expression, alias: string): string | undefined {
    if (part.kind !== 'column') return undefined
    const { rows, column, rest } = this.#find(part.path)
    return rows.alias === alias && rest.length === 0 ? column : undefined
  }

  /** Whether an expression names columns of the rows under an alias and nothing else. */
  isOf(part: Expression, alias: string): boolean {
    const paths = columnsIn(part).map((path) => this.#find(path))
    return paths.length > 0 && paths.every(({ rows }) => rows.alias === alias)
  }

  readonly #resolve: Resolve = (path) => {
    const { rows, column, rest } = this.#find(path)
    const start = this.#of ? this.#of(rows, column) : id(rows.alias, column)
    return rest.reduce((of, member) => sql`struct_extract(${of}, ${literal(member)})`, start)
  }

  #find(path: readonly string[]): { rows: NamedRows; column: string; rest: readonly string[] } {
    const [first = '', second] = path
    const isNamed = (name: string) => (field: { readonly name: string }) =>
      field.name.toLowerCase() === name.toLowerCase()
    const qualified = this.#rows.find(({ alias }) => alias.toLowerCase() === first.toLowerCase())
    if (qualified && second !== undefined) {
      const field = qualified.schema.fields.find(isNamed(second))
      if (field) return { rows: qualified, column: field.name, rest: path.slice(2) }
    }
    const found = this.#rows.flatMap((rows) => {
      const field = rows.schema.fields.find(isNamed(first))
      return field ? [{ rows, column: field.name, rest: path.slice(1) }] : []
    })
    if (found.length > 1) {
      throw new MillraceError(
        'COLUMN_AMBIGUOUS',
        `"${first}" is a column of ${found.map(({ rows }) => rows.alias).join(' and ')}`,
        {
          hint: `Write ${found.map(({ rows }) => `${rows.alias}.${first}`).join(' or ')}.`,
        },
      )
    }
    if (found[0]) return found[0]
    const names = this.#rows.flatMap(({ schema }) => schema.fields.map(({ name }) => name))
    throw unknownName('COLUMN_UNKNOWN', 'column', qualified && second !== undefined ? second : path.join('.'), names)
  }
}
