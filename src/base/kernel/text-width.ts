import { createRequire } from 'node:module'

type StringWidth = (text: string) => number
let measure: StringWidth | undefined

/**
 * How many columns a text takes on a terminal: wide characters two, colours none. Printable ASCII is counted by
 * itself, because the tables of Unicode take longer to load than most commands to answer.
 */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  measure ??= (createRequire(import.meta.url)('string-width') as { default: StringWidth }).default
  return measure(text)
}
