import { MillraceError } from '../../base/kernel/index.ts'
import { list, type Sql, sql } from '../../base/sql/index.ts'
import type { Column, Subject } from './expectation.ts'
import { comparable, familyOf, operand } from './literal.ts'

type Literal = string | number | boolean
const TOKEN =
  /\s*(?:(`[^`]+`)|("[^"\\]*"|'[^'\\]*')|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(==|!=|<=|>=|[<>()[\],&|~.])|([\p{L}_][\p{L}\p{N}_]*))/uy

/**
 * A condition as `DataFrame.query` of pandas reads it: comparisons of a column with a literal or a column, `in` and
 * `not in` a list, `.isnull()` and `.notnull()`, joined by and, or, not (&, |, ~) and parentheses. A missing value
 * equals nothing, a text no number. Source: pandas, "Indexing", The query() Method.
 * @throws MillraceError EXPECTATION_INVALID for anything else, COLUMN_UNKNOWN
 */
export function pandasCondition(text: string, on: Subject): Sql {
  const reader = new Reader(text, on)
  const condition = reader.either()
  if (reader.next !== undefined) throw reader.refused()
  return condition
}

class Reader {
  readonly #text: string
  readonly #tokens: string[] = []
  readonly #on: Subject
  #at = 0

  constructor(text: string, on: Subject) {
    this.#text = text
    this.#on = on
    const pattern = new RegExp(TOKEN)
    const end = text.trimEnd().length
    while (pattern.lastIndex < end) {
      const match = pattern.exec(text)
      if (!match) throw this.refused()
      this.#tokens.push(match[0].trim())
    }
  }

  get next(): string | undefined {
    return this.#tokens[this.#at]
  }

  either(): Sql {
    let left = this.#both()
    while (this.#take('or') || this.#take('|')) left = sql`(${left} or ${this.#both()})`
    return left
  }

  #both(): Sql {
    let left = this.#one()
    while (this.#take('and') || this.#take('&')) left = sql`(${left} and ${this.#one()})`
    return left
  }

  #one(): Sql {
    if (this.#take('not') || this.#take('~')) return sql`not ${this.#one()}`
    if (this.#take('(')) {
      const inner = this.either()
      this.#need(')')
      return inner
    }
    const column = this.#column()
    if (this.#take('.')) return this.#nullity(column)
    if (this.#take('not')) {
      this.#need('in')
      return sql`not ${this.#among(column)}`
    }
    if (this.#take('in')) return this.#among(column)
    const operator = this.#advance()
    if (/^["'\d.-]/.test(this.next ?? '') || /^(True|False)$/.test(this.next ?? '')) {
      const value = this.#literal()
      return compared(operand(column), operator, literalOf(column, value)) ?? this.#fail()
    }
    const other = this.#column()
    return compared(column.sql, operator, other.sql) ?? this.#fail()
  }

  #nullity(column: Column): Sql {
    const method = this.#advance()
    this.#need('(')
    this.#need(')')
    if (method === 'isnull' || method === 'isna') return sql`(${column.sql} is null)`
    return method === 'notnull' || method === 'notna' ? sql`(${column.sql} is not null)` : this.#fail()
  }

  #among(column: Column): Sql {
    const close = this.#take('[') ? ']' : this.#take('(') ? ')' : this.#fail()
    const values: Sql[] = []
    while (!this.#take(close)) {
      const value = literalOf(column, this.#literal())
      if (value) values.push(value)
      if (this.next !== close) this.#need(',')
    }
    return values.length === 0 ? sql`false` : sql`coalesce(${operand(column)} in ${list(values)}, false)`
  }

  #literal(): Literal {
    const token = this.#advance()
    if (/^["']/.test(token)) return token.slice(1, -1)
    if (token === 'True' || token === 'False') return token === 'True'
    return /^[-.\d]/.test(token) && !Number.isNaN(Number(token)) ? Number(token) : this.#fail()
  }

  #column(): Column {
    const token = this.#advance()
    if (token.startsWith('`')) return this.#on.column(token.slice(1, -1))
    return /^[\p{L}_]/u.test(token) ? this.#on.column(token) : this.#fail()
  }

  #take(token: string): boolean {
    if (this.next !== token) return false
    this.#at += 1
    return true
  }

  #need(token: string): void {
    if (!this.#take(token)) this.#fail()
  }

  #advance(): string {
    const token = this.next ?? this.#fail()
    this.#at += 1
    return token
  }

  #fail(): never {
    throw this.refused()
  }

  refused(): MillraceError {
    return new MillraceError('EXPECTATION_INVALID', `the row_condition ${JSON.stringify(this.#text)} cannot be read`, {
      hint: 'Of pandas, comparisons, in, isnull(), notnull(), and, or, not and parentheses are understood.',
    })
  }
}

/** The literal as an operand; undefined when no value of the column equals it, as a text equals no number. */
function literalOf(column: Column, value: Literal): Sql | undefined {
  if (typeof value === 'string' && familyOf(column.type) === 'number') return undefined
  return comparable(column, value)
}

/** A missing value or one of another type is unequal, and neither less nor greater. */
function compared(left: Sql, operator: string, right: Sql | undefined): Sql | undefined {
  switch (operator) {
    case '==':
      return right ? sql`coalesce(${left} = ${right}, false)` : sql`false`
    case '!=':
      return right ? sql`coalesce(${left} <> ${right}, true)` : sql`true`
    case '<':
      return right && sql`coalesce(${left} < ${right}, false)`
    case '<=':
      return right && sql`coalesce(${left} <= ${right}, false)`
    case '>':
      return right && sql`coalesce(${left} > ${right}, false)`
    case '>=':
      return right && sql`coalesce(${left} >= ${right}, false)`
    default:
      return undefined
  }
}
