import { isTree, listed, type Tree } from './read/config-tree.ts'

/** The columns of a contract as DDL: `id integer not null`, one text each. Columns come as properties files have them. */
export function columnsWithConstraints(columns: readonly Tree[], quote: (name: string) => string): string[] {
  return columns.map((column) => {
    const name = String(column['name'])
    const constraints = listed(column['constraints']).filter(isTree).map(columnConstraint)
    return [`${column['quote'] === true ? quote(name) : name} ${String(column['data_type'])}`, ...constraints]
      .filter((part) => part !== '')
      .join(' ')
  })
}

/** The constraints of a whole model as DDL. */
export function modelConstraints(constraints: readonly Tree[]): string[] {
  return constraints.map(modelConstraint).filter((text) => text !== '')
}

function expressionOf(constraint: Tree): string {
  return constraint['expression'] === undefined || constraint['expression'] === null
    ? ''
    : String(constraint['expression'])
}

function referenceOf(constraint: Tree): string {
  const to = listed(constraint['to_columns']).map(String)
  if (!constraint['to'] || to.length === 0) return expressionOf(constraint)
  return `${String(constraint['to'])} (${to.join(', ')})`
}

function columnConstraint(constraint: Tree): string {
  const expression = expressionOf(constraint)
  switch (constraint['type']) {
    case 'check':
      return expression === '' ? '' : `check (${expression})`
    case 'not_null':
      return `not null ${expression}`.trim()
    case 'unique':
      return `unique ${expression}`.trim()
    case 'primary_key':
      return `primary key ${expression}`.trim()
    case 'foreign_key':
      return `references ${referenceOf(constraint)}`.trim()
    default:
      return expression
  }
}

function modelConstraint(constraint: Tree): string {
  const prefix = constraint['name'] ? `constraint ${String(constraint['name'])} ` : ''
  const columns = listed(constraint['columns']).map(String).join(', ')
  const expression = expressionOf(constraint)
  const own = expression === '' ? '' : ` ${expression}`
  switch (constraint['type']) {
    case 'check':
      return expression === '' ? '' : `${prefix}check (${expression})`
    case 'unique':
      return `${prefix}unique${own} (${columns})`
    case 'primary_key':
      return `${prefix}primary key${own} (${columns})`
    case 'foreign_key':
      return `${prefix}foreign key (${columns}) references ${referenceOf(constraint)}`
    default:
      return expression === '' ? '' : `${prefix}${expression}`
  }
}
