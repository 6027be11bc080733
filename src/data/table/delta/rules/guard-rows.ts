import { MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import { type RowRule, RULED } from './row-rules.ts'

/** Begins the engine's message of a row that breaks a rule. */
const MARK = 'millrace_rule_broken:'

/**
 * The rows of a query, which fails at the first that breaks a rule: checked as they are written, in the same pass.
 * @param unless true of rows that are not checked, such as those that are copied as they were
 */
export function guarded(query: Sql, schema: Schema, rules: readonly RowRule[], unless?: Sql): Sql {
  const [first] = schema.fields
  const columns = schema.fields.map(({ name }) => id(RULED, name))
  if (rules.length === 0 || !first) return sql`select ${join(columns)} from (${query}) as ${id(RULED)}`
  const broken = rules.map(({ holds, ...rule }) => sql`when not ${holds} then ${messageOf(rule)}`)
  const holds = join(
    rules.map((rule) => rule.holds),
    ' and ',
  )
  const passes = unless ? sql`(${unless}) or (${holds})` : holds
  const value = sql`case when ${passes} then ${id(RULED, first.name)} else error(case ${join(broken, ' ')} end) end`
  const [, ...others] = columns
  return sql`select ${join([sql`${value} as ${id(first.name)}`, ...others])} from (${query}) as ${id(RULED)}`
}

/** The rule, and the values of the columns it names in the row: no others. */
function messageOf({ kind, name, text, columns }: Omit<RowRule, 'holds'>): Sql {
  const rule = literal(`${MARK}${JSON.stringify({ kind, name, text })}\n`)
  if (columns.length === 0) return sql`${rule} || '{}'`
  const members = join(columns.map((column) => sql`${id(column)} := ${id(RULED, column)}`))
  return sql`${rule} || cast(to_json(struct_pack(${members})) as varchar)`
}

/** The error of a broken rule that an engine's error stands for; undefined for any other. */
export function violation(thrown: unknown): MillraceError | undefined {
  const message = thrown instanceof Error ? thrown.message : ''
  const at = message.indexOf(MARK)
  if (at < 0) return undefined
  const [head = '', values = '{}'] = message.slice(at + MARK.length).split('\n')
  const { kind, name, text } = JSON.parse(head) as Omit<RowRule, 'holds' | 'columns'>
  if (kind === 'not null') {
    return new MillraceError('DELTA_SCHEMA_MISMATCH', `writing null into "${name}", which must not be null`, {
      data: { column: name },
    })
  }
  if (kind === 'replaced') {
    const act = `replacing the rows where ${text} with one that lies outside: ${shortened(values)}`
    return new MillraceError('DELTA_PARTITION_OUTSIDE', act, {
      hint: 'Filter the rows by the same condition.',
      data: { where: text, row: valuesOf(values) },
    })
  }
  const what =
    kind === 'constraint'
      ? `constraint ${name} (${text})`
      : kind === 'invariant'
        ? `the invariant of column ${name} (${text})`
        : `generated column ${name}, which is ${text}`
  return new MillraceError('DELTA_CONSTRAINT_VIOLATED', `writing a row that breaks ${what}: ${shortened(values)}`, {
    hint: 'Nothing was written. Mend or filter the rows, or drop the rule.',
    data: { kind, name, expression: text, row: valuesOf(values) },
  })
}

const MOST_SHOWN = 200

function shortened(values: string): string {
  return values.length > MOST_SHOWN ? `${values.slice(0, MOST_SHOWN)}…` : values
}

function valuesOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
