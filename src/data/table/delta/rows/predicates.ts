import { isSql } from '../../../../base/sql/index.ts'
import type { Given } from '../expression/table-expression.ts'

/** A condition as the table's history tells it. */
export function predicateText(condition: Given): string {
  return isSql(condition) ? '<SQL of the engine>' : condition
}

/** Conditions as a text that holds a list, which is what Spark writes. */
export function predicates(condition: Given | undefined): string {
  return JSON.stringify(condition === undefined ? ['true'] : [predicateText(condition)])
}
