import { createHash } from 'node:crypto'
import type { Json } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import { pythonRepr } from '../python-text.ts'
import { isTree } from '../read/config-tree.ts'

const FIELDS = {
  type: null,
  name: null,
  expression: null,
  warn_unenforced: true,
  warn_unsupported: true,
  to: null,
  to_columns: [],
} as const

/** A constraint with all fields that dbt's manifest has. */
export function constraintJson(written: Json): Json {
  return isTree(written) ? ({ ...FIELDS, ...written } as Json) : written
}

/** dbt's hash of what a model promises, by which states of a project are compared: of Python's text of its parts. */
export function contractChecksum(node: Node): string {
  const columns = Object.values(node.columns).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const parts = columns.map(
    ({ name, data_type: type, constraints }) =>
      `|${name}${type ?? 'None'}${constraintsText('ColumnLevelConstraint', constraints)}`,
  )
  const { materialized } = node.config
  if (materialized === 'table' || materialized === 'incremental') {
    parts.push(materialized, constraintsText('ModelLevelConstraint', node.constraints ?? [], ['columns']))
  }
  return createHash('sha256').update(parts.join('')).digest('hex')
}

function constraintsText(kind: string, constraints: readonly Json[], more: readonly string[] = []): string {
  const texts = constraints.filter(isTree).map((written) => {
    const { type, ...rest } = {
      ...FIELDS,
      ...Object.fromEntries(more.map((key) => [key, []])),
      ...(written as object),
    } as Record<string, unknown>
    const fields = [...Object.keys(FIELDS).slice(1), ...more].map((key) => `${key}=${pythonRepr(rest[key])}`)
    return `${kind}(type=<ConstraintType.${String(type)}: '${String(type)}'>, ${fields.join(', ')})`
  })
  return `[${texts.join(', ')}]`
}
