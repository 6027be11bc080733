import { type Place, unknownName } from '../../base/kernel/index.ts'
import { join, type Sql, type SqlValue, sql, trusted } from '../../base/sql/index.ts'

/**
 * The user's SQL text with `{{ name }}` bound as values, never spliced; `'{{ name }}'` in quotes is the same value.
 * @throws MillraceError OPTION_INVALID when a name has no value
 */
export function bindText(text: string, values: Readonly<Record<string, SqlValue>>, at?: Place): Sql {
  const parts: Sql[] = []
  let end = 0
  for (const match of text.matchAll(/'\{\{\s*(\w+)\s*\}\}'|\{\{\s*(\w+)\s*\}\}/g)) {
    const name = match[1] ?? match[2] ?? ''
    const value = values[name]
    if (value === undefined) {
      throw unknownName('OPTION_INVALID', 'the value', `{{ ${name} }}`, Object.keys(values), at ? { at } : {})
    }
    parts.push(trusted(text.slice(end, match.index)), sql`${value}`)
    end = match.index + match[0].length
  }
  return join([...parts, trusted(text.slice(end))], '')
}
