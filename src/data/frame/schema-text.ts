import { type Field, MillraceError, parseType, type Schema } from '../../base/kernel/index.ts'

const COLUMN = /^\s*(?:`((?:[^`]|``)+)`|"([^"]+)"|([A-Za-z_]\w*))\s*(?::\s*|\s+)([\s\S]+?)\s*$/

/**
 * Columns as Spark's DDL text: `'id bigint not null, name string, tags array<string>'`.
 * @throws MillraceError TYPE_INVALID
 */
export function parseSchema(text: string): Schema {
  const fields = splitTop(text).map((part): Field => {
    const match = COLUMN.exec(part)
    if (match === null) throw invalid(text, part)
    const name = match[1]?.replaceAll('``', '`') ?? match[2] ?? match[3] ?? ''
    const written = (match[4] ?? '').replace(/\s+comment\s+'(?:[^']|'')*'$/i, '')
    const type = parseType(written.replace(/\s+not\s+null$/i, ''))
    return { name, type, nullable: !/\snot\s+null$/i.test(written) }
  })
  const twice = fields.find((field, i) => fields.findIndex((other) => other.name === field.name) !== i)
  if (twice) throw new MillraceError('COLUMN_AMBIGUOUS', `the schema "${text}" has two columns "${twice.name}"`)
  return { fields }
}

function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  let quote = ''
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? ''
    if (quote !== '') quote = character === quote ? '' : quote
    else if ('`"\''.includes(character)) quote = character
    else if (character === '<' || character === '(') depth += 1
    else if (character === '>' || character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, text.slice(start)]
}

function invalid(text: string, part: string): MillraceError {
  return new MillraceError('TYPE_INVALID', `the schema "${text}" cannot be read at "${part.trim()}"`, {
    hint: 'Write a name and a type for each column: "id bigint, name string".',
  })
}
