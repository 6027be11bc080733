import { MillraceError, nearest } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import { placeInSource } from './place-in-source.ts'

/** What DuckDB's binder says of columns and types, with the name it speaks of. Anything else is no finding. */
const FINDINGS: readonly RegExp[] = [
  /Referenced column "([^"]+)" (?:was )?not found/,
  /Ambiguous reference to column name "([^"]+)"/,
  /does not have a column named "([^"]+)"/,
  /column "([^"]+)" must appear in the GROUP BY clause/,
  /Could not find key "([^"]+)" in struct/,
  /Cannot (?:compare|mix) values of type/,
  /No function matches the given name and argument types/,
  /Set operations can only apply to expressions with the same number of result columns/,
]

/** What stands around a model's SQL when it is bound. */
export interface Bound {
  /** The SQL, in the statement from its second line on. */
  readonly compiled: string
  /** The database that stands for what is not built yet. */
  readonly scratch: string
}

/**
 * An error of DuckDB's as a finding about a node's columns, at the place in its file; undefined where the error may be
 * due to something else than the node's SQL. Pure.
 */
export function binderFinding(
  node: Node,
  error: MillraceError,
  { compiled, scratch }: Bound,
): MillraceError | undefined {
  const text = error.message.replaceAll(`"${scratch}".`, '').replaceAll(`${scratch}.`, '')
  const words = /Binder Error: ([\s\S]*)/.exec(text)?.[1]?.replace(/ \(line \d+(?:, column \d+)?\)$/, '')
  const pattern = words === undefined ? undefined : FINDINGS.find((one) => one.test(words))
  if (words === undefined || !pattern) return undefined
  const word = pattern.exec(words)?.[1]
  const line = typeof error.data?.['line'] === 'number' ? error.data['line'] - 1 : undefined
  const column = typeof error.data?.['column'] === 'number' ? error.data['column'] : undefined
  const place =
    line === undefined || line < 1
      ? undefined
      : placeInSource(node.raw_code, compiled, {
          line,
          ...(column === undefined ? {} : { column }),
          ...(word === undefined ? {} : { word }),
        })
  const [said = '', ...more] = words.split('\n')
  const candidates = [...more.join('\n').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name.split('.').at(-1) ?? name)
  const [meant] = word === undefined ? [] : nearest(word, candidates, 1)
  const listed = more.join(' ').trim()
  const hint = [meant === undefined ? '' : `Did you mean "${meant}"?`, listed].filter(Boolean).join(' ')
  return new MillraceError('MODEL_COLUMNS_INVALID', `checking the columns of ${node.name}: ${said.trim()}`, {
    at: { file: node.original_file_path, ...place },
    ...(hint === '' ? {} : { hint }),
    data: { node: node.unique_id, ...(line === undefined ? {} : { compiledLine: line }) },
  })
}
