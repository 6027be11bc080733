import { MillraceError } from '../../../base/kernel/index.ts'

/**
 * The items of an array in PostgreSQL's text form (documentation, 8.15.6): `{1,NULL,"a \"b\""}`.
 * @throws MillraceError ENGINE_UNSUPPORTED for one of several dimensions
 */
export function arrayItems(text: string): (string | null)[] {
  // Lower bounds other than one are written before it: `[0:1]={1,2}`.
  let at = text.indexOf('{') + 1
  const items: (string | null)[] = []
  if (text[at] === '}') return items
  for (;;) {
    if (text[at] === '{') {
      throw severalDimensions(text)
    }
    let item = ''
    const quoted = text[at] === '"'
    if (quoted) at += 1
    for (; at < text.length; at += 1) {
      const letter = text[at]
      if (letter === '\\') {
        at += 1
        item += text[at]
      } else if (quoted ? letter === '"' : letter === ',' || letter === '}') break
      else item += letter
    }
    if (quoted) at += 1
    items.push(!quoted && item.toUpperCase() === 'NULL' ? null : item)
    if (text[at] !== ',') return items
    at += 1
  }
}

/** PostgreSQL's type of an array does not tell how many dimensions it has; we have lists of one only. */
export function severalDimensions(text: string): MillraceError {
  return new MillraceError(
    'ENGINE_UNSUPPORTED',
    `reading the array ${text.slice(0, 40)}, which has several dimensions`,
    {
      hint: 'Cast it in the query: array_to_json(column).',
    },
  )
}
