import type { DataType } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import { postgresDialect } from '../dialect/postgres.ts'
import { type Call, type Form, fillTemplate, type Template, type TemplateArgs } from './define.ts'

/** A template in PostgreSQL, filled inside of another form. */
export function fill(
  template: Template,
  args: TemplateArgs,
  types: readonly (DataType | undefined)[],
  call: Call,
): Sql {
  const made = typeof template === 'function' ? template(args, types, call) : template
  if (typeof made !== 'string') return made
  const typed = args.map((arg, i) => ({ sql: arg, type: types[i] }))
  return fillTemplate(made, args, call.over, (letter, _arg, i) => postgresDialect.convert(letter, typed, i))
}

/** What PostgreSQL computes over groups only: aggregates that sort, or take different values. */
export function unwindowed(template: Template): Form {
  return (args, types, call) =>
    call.over.parts.length > 0
      ? call.refuse('over a window', 'Aggregate by group and join the result.')
      : fill(template, args, types, call)
}
