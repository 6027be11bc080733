import { MillraceError } from '../../../../base/kernel/index.ts'
import { columnsIn } from '../expression/expression.ts'
import { parseExpression } from '../expression/parse-expression.ts'
import { CONSTRAINT, computedColumn } from '../rules/column-rules.ts'
import type { Snapshot } from '../snapshot.ts'

/**
 * Refuses a change of a column that a rule of the table names.
 * @throws MillraceError OPTION_INVALID naming the rule
 */
export function refuseIfUsed({ schema, properties }: Snapshot, path: readonly string[], act: string): void {
  const rules = [
    ...Object.entries(properties)
      .filter(([key]) => key.startsWith(CONSTRAINT))
      .map(([key, text]) => ({ rule: `constraint ${key.slice(CONSTRAINT.length)}`, text })),
    ...schema.fields.flatMap((field) => {
      const computed = computedColumn(field)
      return computed?.kind === 'generated'
        ? [{ rule: `generated column ${field.name}`, text: computed.expression }]
        : []
    }),
  ]
  for (const { rule, text } of rules) {
    const isUsed = columnsIn(parseExpression(text)).some((named) => {
      const length = Math.min(named.length, path.length)
      return named.slice(0, length).every((name, at) => name.toLowerCase() === path[at]?.toLowerCase())
    })
    if (!isUsed) continue
    throw new MillraceError('OPTION_INVALID', `${act} column "${path.join('.')}", which ${rule} (${text}) names`, {
      hint: 'Drop the rule first.',
    })
  }
}
