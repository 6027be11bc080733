import { type MillraceError, type Place, unknownName } from '../../../base/kernel/index.ts'

/** The place in a file where a name stands inside a call, by looking for its text; the file alone when it is computed. */
export function placeOfCall(file: string, text: string, call: string, name: string): Place {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`\\b${call}\\s*\\([^)]*['"]${escaped}['"]`).exec(text)
  if (!found) return { file }
  const before = text.slice(0, found.index)
  const line = before.split('\n').length
  return { file, line, column: found.index - before.lastIndexOf('\n') }
}

/** A `ref` to a node that does not exist or is disabled. */
export function refNotFound(
  node: { file: string; text: string },
  written: { name: string; package: string | null },
  names: Iterable<string>,
  disabled: boolean,
): MillraceError {
  const at = placeOfCall(node.file, node.text, 'ref', written.name)
  const what = written.package === null ? 'the model' : `in the package ${written.package}, the model`
  if (!disabled) return unknownName('REF_NOT_FOUND', `reading ${node.file}: ${what}`, written.name, names, { at })
  return unknownName('REF_NOT_FOUND', `reading ${node.file}: ${what}`, written.name, names, {
    at,
    hint: 'It is disabled (`enabled: false`).',
  })
}

/** A `source` that no properties file declares. */
export function sourceNotFound(
  node: { file: string; text: string },
  source: string,
  table: string,
  declared: Iterable<string>,
): MillraceError {
  return unknownName('SOURCE_NOT_FOUND', `reading ${node.file}: the source`, `${source}.${table}`, declared, {
    at: placeOfCall(node.file, node.text, 'source', source),
  })
}
